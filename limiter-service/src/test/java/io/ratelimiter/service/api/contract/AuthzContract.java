package io.ratelimiter.service.api.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.service.api.contract.HttpCaller.Reply;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The three forms of authz. */
public interface AuthzContract extends EdgeContract {

  @Test
  default void authzAllowsWithHeadersAndNoBodyAndBlocksWith429() {
    for (int i = 0; i < 20; i++) {
      Reply reply = http().get("/v1/authz", "X-Client-ID", "proxied");
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.header("RateLimit")).startsWith("\"proxied\";r=");
    }
    Reply blocked = http().get("/v1/authz/some/path", "X-Client-ID", "proxied");
    assertThat(blocked.status()).isEqualTo(429);
    assertThat(blocked.header("Retry-After")).isNotNull();
    assertThat(http().get("/v1/authz?blocked_status=403", "X-Client-ID", "proxied").status())
        .isEqualTo(403);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/authz?tenant=acme&client_header=X-Real-IP&key_header=X-K&cost_header=X-C",
        "/v1/authz-with/tenant=acme,client_header=X-Real-IP,key_header=X-K,cost_header=X-C",
        "/v1/authz-with/tenant=acme,client_header=X-Real-IP,key_header=X-K,cost_header=X-C/some/path?tenant=x"
      })
  default void authzReadsTheHeadersThatItsOptionsName(String path) {
    String client = "named-" + path.length();
    Reply reply = http().send("PUT", path, "X-Real-IP", client, "X-K", "k", "X-C", "3");
    assertThat(reply.header("RateLimit")).startsWith("\"acme\";r=4");
    assertThat(published().decisionsOf(client))
        .singleElement()
        .satisfies(made -> assertThat(made.check().limitKey()).isEqualTo("k"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/v1/authz?ipv6_prefix=64", "/v1/authz-with/ipv6_prefix=64/2001:db8:9:9::9"})
  default void allAddressesOfAnIpv6NetworkAreOneClientWithThatOption(String path) {
    int before = published().decisionsOf("2001:db8:7:8::/64").size();
    http().get(path, "X-Client-ID", "2001:db8:7:8::1");
    http().get(path, "X-Client-ID", "2001:db8:7:8:ffff::2");
    http().get("/v1/authz", "X-Client-ID", "2001:db8:7:8::1");
    assertThat(published().decisionsOf("2001:db8:7:8::/64")).hasSize(before + 2);
  }

  @Test
  default void headersThatNoOptionNamesHaveNoEffect() {
    http()
        .get(
            "/v1/authz",
            "X-Client-ID",
            "steered",
            "X-Cost",
            "0",
            "X-Limit-Key",
            "mine",
            "X-Tenant",
            "acme",
            "X-Original-URI",
            "/orders");
    assertThat(published().decisionsOf("steered"))
        .singleElement()
        .satisfies(made -> {
          assertThat(made.check().limitKey()).isEqualTo("global");
          assertThat(made.check().cost()).isEqualTo(1);
          assertThat(made.check().tenant()).isEqualTo("default");
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/authz/?tenant=acme",
        "/v1/authz/a?key=abc",
        "/v1/authz/a?q=50%",
        "/v1/authz/a%2Fb",
        "/v1/authz/%zz",
        "/v1/authz/%00",
        "/v1/authz/a|b",
        "/v1/authz/../../livez",
        "/v1/authz/%2e%2e/%2e%2e/livez",
        "/v1/authz/..;/..;/livez",
        "/v1/authz/..\\..\\livez",
        "/v1/authz//v1/admin/rules",
        "/v1/authz/?blocked_status=999"
      })
  default void anAppendedPathIsDataAndNotAnOption(String path) throws IOException {
    String client = "appended-" + Integer.toHexString(path.hashCode());
    assertThat(rawAuthz(path, "X-Client-ID: " + client))
        .startsWith("HTTP/1.1 200 ")
        .contains("RateLimit-Policy");
    assertThat(published().decisionsOf(client))
        .singleElement()
        .satisfies(made -> {
          assertThat(made.check().limitKey()).isEqualTo("global");
          assertThat(made.check().tenant()).isEqualTo("default");
        });
  }

  @Test
  default void aLimitOnAPathAppliesToAllSpellingsOfThePath() {
    List<String> spellings =
        List.of(
            "/orders",
            "/orders/",
            "/orders?id=1",
            "/orders#x",
            "//orders",
            "/a/../orders",
            "/%6Frders",
            "/orders;v=2",
            "/x/..;/orders",
            "http://h/orders");
    for (String uri : spellings) {
      http().get("/v1/authz?key=path", "X-Client-ID", "pathed", "X-Original-URI", uri);
    }
    http().get("/v1/authz?key=path", "X-Client-ID", "pathed", "X-Forwarded-Uri", "/orders");
    http().get("/v1/authz?key=path", "X-Client-ID", "pathed", "X-Original-URL", "/orders");
    http().get("/v1/authz-with/key=path/orders?x", "X-Client-ID", "pathed");
    assertThat(published().decisionsOf("pathed"))
        .hasSize(spellings.size() + 3)
        .allSatisfy(made -> assertThat(made.check().limitKey()).isEqualTo("/orders"));

    http().get("/v1/authz-with/key=path/elsewhere/4711", "X-Client-ID", "unnamed");
    http().get("/v1/authz?key=fixed", "X-Client-ID", "unnamed");
    assertThat(published().decisionsOf("unnamed"))
        .extracting(made -> made.check().limitKey())
        .containsExactly("global", "fixed");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /v1/authz                                    | X-Client-ID is required
          /v1/authz?client_header=X-Real-IP            | X-Real-IP is required
          /v1/authz?unknown=1                          | there is no option unknown
          /v1/authz?tenant=A                           | tenant must match
          /v1/authz?tenant=a&tenant=b                  | tenant must be given once
          /v1/authz?blocked_status=200                 | blocked_status must be 403 or 429
          /v1/authz?ipv6_prefix=65                     | ipv6_prefix must be 48, 56 or 64
          /v1/authz-with/ipv6_prefix=/path             | ipv6_prefix must be 48, 56 or 64
          /v1/authz?client_header=a%20b                | client_header must be the name of a header
          /v1/authz?key=a&key_header=b                 | exclude each other
          /v1/authz-with/unknown=1/path                | there is no option unknown
          """)
  default void anInvalidOptionIsNamed(String path, String detail) {
    Reply reply = http().get(path);
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.json().get("detail").asString()).contains(detail);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /v1/authz                   | X-Client-ID: b                              | X-Client-ID must not have different values
          /v1/authz                   | Connection: x-client-id                     | Connection must not name X-Client-ID
          /v1/authz?cost_header=X-C   | X-C: 1e3                                    | X-C must be a whole number
          /v1/authz?cost_header=X-C   | X-D: 1                                      | X-C must be a whole number
          /v1/authz?key_header=X-K    | X-D: 1                                      | X-K is required
          /v1/authz?key=path          | X-D: 1                                      | key=path needs one of X-Original-URI
          /v1/authz?key=path          | X-Original-URI: /a\\r\\nX-Forwarded-Uri: /b | must not differ
          """)
  default void anInvalidHeaderIsNamed(String path, String header, String detail)
      throws IOException {
    assertThat(rawAuthz(path, "X-Client-ID: a", header.replace("\\r\\n", "\r\n")))
        .startsWith("HTTP/1.1 400 ")
        .contains(detail);
  }
}
