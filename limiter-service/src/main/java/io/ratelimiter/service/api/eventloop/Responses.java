package io.ratelimiter.service.api.eventloop;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;
import io.ratelimiter.service.api.http.Answer;
import io.ratelimiter.service.api.http.CorrelationIds;
import io.ratelimiter.service.api.http.Header;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/** Builds the HTTP responses of one event loop; caches the current date. */
final class Responses {

  private static final DateTimeFormatter DATE_FORMAT =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
          .withZone(ZoneOffset.UTC);

  // Spelled as Tomcat spells them.
  private static final AsciiString CONTENT_TYPE = AsciiString.cached("Content-Type");
  private static final AsciiString CONTENT_LENGTH = AsciiString.cached("Content-Length");
  private static final AsciiString TRANSFER_ENCODING = AsciiString.cached("Transfer-Encoding");
  private static final AsciiString DATE = AsciiString.cached("Date");
  private static final AsciiString KEEP_ALIVE = AsciiString.cached("Keep-Alive");
  private static final AsciiString CONNECTION = AsciiString.cached("Connection");

  /** Without validation: values are constants, or were validated when they were read. */
  private static final DefaultHttpHeadersFactory HEADERS =
      DefaultHttpHeadersFactory.headersFactory().withValidation(false);

  // Without a reason phrase, like Tomcat.
  private static final HttpResponseStatus OK = new HttpResponseStatus(200, "");
  private static final HttpResponseStatus TOO_MANY_REQUESTS = new HttpResponseStatus(429, "");

  private final AsciiString keepAlive;
  private AsciiString date = AsciiString.EMPTY_STRING;

  /**
   * Creates the responses of one event loop.
   *
   * @param idle announced in {@code Keep-Alive}: max time between two requests of a connection
   */
  Responses(Duration idle) {
    keepAlive = new AsciiString("timeout=" + idle.toSeconds());
  }

  /** Sets the date; must be called about once a second. */
  void tick(Instant now) {
    date = new AsciiString(DATE_FORMAT.format(now));
  }

  /**
   * The response of a complete answer.
   *
   * @param withBody false for {@code HEAD}: the length is announced, the body not sent
   */
  FullHttpResponse of(Answer answer, boolean withBody) {
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            status(answer.status()),
            withBody ? Unpooled.wrappedBuffer(answer.body()) : Unpooled.EMPTY_BUFFER,
            HEADERS.newHeaders(),
            EmptyHttpHeaders.INSTANCE);
    HttpHeaders headers = response.headers();
    for (Header header : answer.headers()) {
      headers.add(header.name(), header.value());
    }
    if (answer.contentType() != null) {
      headers.add(CONTENT_TYPE, answer.contentType());
    }
    headers.add(CONTENT_LENGTH, Integer.toString(answer.body().length));
    headers.add(DATE, date);
    return response;
  }

  /**
   * The head of a streamed answer.
   *
   * @param length of the body in bytes; negative when it is unknown or there is none
   * @param chunked whether the body is sent in chunks
   */
  HttpResponse head(int status, List<Header> set, long length, boolean chunked) {
    HttpResponse head =
        new DefaultHttpResponse(HttpVersion.HTTP_1_1, status(status), HEADERS.newHeaders());
    HttpHeaders headers = head.headers();
    for (Header header : set) {
      if (!ofConnection(header.name())) {
        headers.add(header.name(), header.value());
      }
    }
    if (length >= 0) {
      headers.set(CONTENT_LENGTH, Long.toString(length));
    }
    if (chunked) {
      headers.set(TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
    }
    headers.set(DATE, date);
    return head;
  }

  /** Whether only the code of the connection may set this header. */
  private static boolean ofConnection(String name) {
    return CONNECTION.contentEqualsIgnoreCase(name)
        || KEEP_ALIVE.contentEqualsIgnoreCase(name)
        || TRANSFER_ENCODING.contentEqualsIgnoreCase(name)
        || CONTENT_LENGTH.contentEqualsIgnoreCase(name);
  }

  /** Adds the headers that every delegated answer has. */
  static void complete(HttpResponse response, String correlationId) {
    response
        .headers()
        .set(CorrelationIds.HEADER, correlationId)
        .set("X-Content-Type-Options", "nosniff");
  }

  static void closing(HttpResponse response) {
    response.headers().set(CONNECTION, HttpHeaderValues.CLOSE);
  }

  void keptAlive(HttpResponse response) {
    response.headers().set(CONNECTION, HttpHeaderValues.KEEP_ALIVE).set(KEEP_ALIVE, keepAlive);
  }

  private static HttpResponseStatus status(int code) {
    return switch (code) {
      case 200 -> OK;
      case 429 -> TOO_MANY_REQUESTS;
      default -> new HttpResponseStatus(code, "");
    };
  }
}
