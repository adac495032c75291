package io.ratelimiter.service.api.contract;

import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** The tables of hostile input. */
final class HostileInput {

  static final Duration LIMIT = Duration.ofSeconds(20);

  private HostileInput() {}

  static Stream<Arguments> bodies() {
    String deep = "{\"client_id\":\"c\",\"x\":" + "[".repeat(2_000) + "]".repeat(2_000) + "}";
    return Stream.of(
        arguments("300 KB", " ".repeat(300_000), 413, "the body must have at most 8192 bytes"),
        arguments("nothing", "", 400, "the body must be a JSON object"),
        arguments("an array", "[]", 400, "the body must be a JSON object"),
        arguments("null", "null", 400, "the body must be a JSON object"),
        arguments("half an object", "{\"client_id\":\"c\"", 400, "valid JSON"),
        arguments("two objects", "{\"client_id\":\"c\"}{}", 400, "something follows"),
        arguments("deep JSON", deep, 400, "at most 32 levels"),
        arguments("no client", "{}", 400, "client_id is required"),
        arguments("a number for a client", "{\"client_id\":7}", 400, "client_id must be a string"),
        arguments("null for a client", "{\"client_id\":null}", 400, "client_id must be a string"),
        arguments(
            "an object for a client", "{\"client_id\":{}}", 400, "client_id must be a string"),
        arguments("an empty client", "{\"client_id\":\"\"}", 400, "client_id must not be empty"),
        arguments("the wildcard", "{\"client_id\":\"*\"}", 400, "client_id must not be *"),
        arguments(
            "257 bytes",
            "{\"client_id\":\"" + "x".repeat(257) + "\"}",
            400,
            "client_id must have at most 256 bytes"),
        arguments("256 bytes", "{\"client_id\":\"" + "x".repeat(256) + "\"}", 200, null),
        arguments(
            "65 emoji",
            "{\"client_id\":\"" + "\uD83D\uDE80".repeat(65) + "\"}",
            400,
            "at most 256 bytes"),
        arguments("64 emoji", "{\"client_id\":\"" + "\uD83D\uDE80".repeat(64) + "\"}", 200, null),
        arguments("braces and colons", "{\"client_id\":\"{a}:}{%s\"}", 200, null),
        arguments(
            "a control character",
            "{\"client_id\":\"a\\u0000b\"}",
            400,
            "client_id must not have control"),
        arguments(
            "a C1 control character",
            "{\"client_id\":\"a\\u0085b\"}",
            400,
            "client_id must not have control"),
        arguments("a newline as it is", "{\"client_id\":\"a\nb\"}", 400, "valid JSON"),
        arguments("a lone high surrogate", "{\"client_id\":\"\\ud83d\"}", 400, "lone surrogates"),
        arguments("a lone low surrogate", "{\"client_id\":\"\\ude80x\"}", 400, "lone surrogates"),
        arguments(
            "surrogates in the wrong order",
            "{\"client_id\":\"\\ude80\\ud83d\"}",
            400,
            "lone surrogates"),
        arguments(
            "a duplicate client",
            "{\"client_id\":\"a\",\"client_id\":\"b\"}",
            400,
            "client_id must be given once"),
        arguments(
            "a duplicate cost",
            "{\"client_id\":\"a\",\"cost\":1,\"cost\":0}",
            400,
            "cost must be given once"),
        arguments("NaN", "{\"client_id\":\"a\",\"cost\":NaN}", 400, "valid JSON"),
        arguments(
            "a text for a cost",
            "{\"client_id\":\"a\",\"cost\":\"1\"}",
            400,
            "cost must be a whole number"),
        arguments(
            "true for a cost",
            "{\"client_id\":\"a\",\"cost\":true}",
            400,
            "cost must be a whole number"),
        arguments(
            "a fraction", "{\"client_id\":\"a\",\"cost\":1.5}", 400, "cost must be a whole number"),
        arguments("a whole number with a point", "{\"client_id\":\"a\",\"cost\":2.0}", 200, null),
        arguments("a whole number with exponent", "{\"client_id\":\"a\",\"cost\":1e0}", 200, null),
        arguments(
            "less than a double holds",
            "{\"client_id\":\"a\",\"cost\":1e-400}",
            400,
            "cost must be a whole number"),
        arguments(
            "almost one",
            "{\"client_id\":\"a\",\"cost\":0.99999999999999999999}",
            400,
            "cost must be a whole number"),
        arguments(
            "an exponent that is no int",
            "{\"client_id\":\"a\",\"cost\":1e99999999999}",
            400,
            "cost must be a whole number"),
        arguments(
            "less than nothing",
            "{\"client_id\":\"a\",\"cost\":-1}",
            400,
            "cost must be a whole number"),
        arguments(
            "a million and one",
            "{\"client_id\":\"a\",\"cost\":1000001}",
            400,
            "cost must be a whole number"),
        arguments(
            "2^64",
            "{\"client_id\":\"a\",\"cost\":18446744073709551616}",
            400,
            "cost must be a whole number"),
        arguments(
            "1e999999999",
            "{\"client_id\":\"a\",\"cost\":1e999999999}",
            400,
            "cost must be a whole number"),
        arguments(
            "1000 digits",
            "{\"client_id\":\"a\",\"cost\":" + "9".repeat(1_000) + "}",
            400,
            "numbers of 64 characters"),
        arguments(
            "an upper-case tenant",
            "{\"client_id\":\"a\",\"tenant\":\"A\"}",
            400,
            "tenant must match"),
        arguments(
            "an empty limit key",
            "{\"client_id\":\"a\",\"limit_key\":\"\"}",
            400,
            "limit_key must not be empty"));
  }

  static Stream<Arguments> heads() {
    return Stream.of(
        arguments("no HTTP", "HELLO\r\n\r\n", 400),
        arguments("an unknown version", "GET / HTTP/9.9\r\nHost: a\r\n\r\n", 505),
        arguments("no host", "GET /v1/authz HTTP/1.1\r\nX-Client-ID: a\r\n\r\n", 400),
        arguments(
            "two hosts",
            "GET /v1/authz HTTP/1.1\r\nX-Client-ID: a\r\nHost: a\r\nHost: b\r\n\r\n",
            400),
        arguments(
            "a null in the path", "GET /%00 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 400),
        arguments(
            "a bar in the path", "GET /a|b HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 400),
        arguments(
            "a slash in disguise",
            "GET /v1%2fcheck HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
            400),
        arguments("TRACE", "TRACE /v1/check HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 405),
        arguments(
            "a method of its own",
            "BREW /v1/check HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
            405),
        arguments(
            "64 KB of headers",
            "GET /v1/authz HTTP/1.1\r\nHost: a\r\nX-Client-ID: a\r\nX: "
                + "y".repeat(65_536)
                + "\r\n\r\n",
            400),
        arguments(
            "an unknown coding",
            "POST /v1/check HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: x\r\n\r\n",
            501),
        arguments(
            "a coding after chunked",
            "POST /v1/check HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n",
            400),
        arguments(
            "an unknown coding before chunked",
            "POST /v1/check HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: x\r\nTransfer-Encoding: chunked\r\n\r\n",
            501),
        arguments(
            "chunked twice",
            "POST /v1/check HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
            400),
        arguments(
            "a length beside a coding",
            "POST /v1/check HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            400),
        arguments(
            "a coding of HTTP/1.0",
            "POST /v1/check HTTP/1.0\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            400),
        arguments(
            "a folded line",
            "GET /v1/authz HTTP/1.1\r\nHost: a\r\nX-Client-ID: a\r\n b\r\n\r\n",
            400),
        arguments(
            "a line folded by a tab",
            "GET /v1/authz HTTP/1.1\r\nHost: a\r\nX-Client-ID: a\r\n\tb\r\n\r\n",
            400),
        arguments("a folded first header", "GET /v1/authz HTTP/1.1\r\n Host: a\r\n\r\n", 400),
        arguments("line feeds alone", "GET /v1/authz HTTP/1.1\nHost: a\n\n", 400),
        arguments(
            "a carriage return alone in a value",
            "GET /v1/authz HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n",
            400),
        arguments(
            "a carriage return alone in the request line",
            "GET\r/v1/authz HTTP/1.1\r\nHost: a\r\n\r\n",
            400),
        arguments(
            "a space before a colon",
            "GET /v1/authz HTTP/1.1\r\nHost: a\r\nX-Client-ID : a\r\n\r\n",
            400),
        arguments(
            "150 headers",
            "GET /v1/authz HTTP/1.1\r\nHost: a\r\n" + "X: y\r\n".repeat(150) + "\r\n",
            400),
        arguments("the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
        arguments(
            "CONNECT", "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\nConnection: close\r\n\r\n", 405),
        arguments(
            "a target at another host",
            "GET http://b/v1/authz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
            400),
        arguments(
            "a path that leads above the root",
            "GET /v1/../../x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
            400),
        arguments(
            "a path that is not UTF-8",
            "GET /%FF HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
            400),
        arguments(
            "a chunk size that is none",
            "POST /v1/check HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
            400),
        arguments(
            "words after a chunk size",
            "POST /v1/check HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n1 2\r\n{\r\n0\r\n\r\n",
            400),
        arguments(
            "a chunk that is longer than its size",
            "POST /v1/check HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n",
            400),
        arguments(
            "a negative length",
            "POST /v1/check HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: -1\r\n\r\n",
            400),
        arguments(
            "two lengths",
            "POST /v1/check HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
            400),
        arguments(
            "a length too large for a long",
            "POST /v1/check HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 99999999999999999999\r\n\r\n",
            400));
  }
}
