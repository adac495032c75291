package io.ratelimiter.service.api.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.service.api.contract.HttpCaller.Reply;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code ANY /v1/authz/**}, line by line. */
public interface AuthzContract extends HasEdge {

  @Test
  default void authz_allows_with_headers_and_no_body_and_blocks_with_429() {
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

  @Test
  default void authz_takes_key_cost_and_tenant() {
    Reply reply =
        http()
            .send(
                "PUT",
                "/v1/authz?tenant=acme",
                "X-Client-ID",
                "keyed",
                "X-Limit-Key",
                "k",
                "X-Cost",
                "3");
    assertThat(reply.header("RateLimit")).startsWith("\"acme\";r=4");
    assertThat(published().decisionsOf("keyed"))
        .singleElement()
        .satisfies(made -> assertThat(made.check().limitKey()).isEqualTo("k"));
  }

  @Test
  default void authz_by_path_counts_unnamed_paths_as_global_and_writes_of_one_path_as_one() {
    for (String uri :
        List.of(
            "/orders?id=1",
            "/orders#x",
            "//orders",
            "/a/../orders",
            "/%6Frders",
            "http://h/orders")) {
      http().get("/v1/authz?key=path", "X-Client-ID", "pathed", "X-Original-URI", uri);
    }
    http().get("/v1/authz?key=path", "X-Client-ID", "pathed", "X-Forwarded-Uri", "/orders");
    http().get("/v1/authz/orders?key=path", "X-Client-ID", "pathed");
    http().get("/v1/authz/elsewhere/4711?key=path", "X-Client-ID", "pathed");
    assertThat(published().decisionsOf("pathed"))
        .extracting(made -> made.check().limitKey())
        .containsExactly(
            "/orders", "/orders", "/orders", "/orders", "/orders", "/orders", "/orders", "/orders",
            "global");
  }

  @Test
  default void authz_needs_a_client_and_names_what_is_wrong() {
    assertThat(http().get("/v1/authz").json().get("detail").asString()).contains("X-Client-ID");
    assertThat(
            http()
                .get("/v1/authz", "X-Client-ID", "c", "X-Cost", "1e3")
                .json()
                .get("detail")
                .asString())
        .contains("X-Cost");
    assertThat(http().get("/v1/authz?key=x", "X-Client-ID", "c").status()).isEqualTo(400);
    assertThat(http().get("/v1/authz?blocked_status=200", "X-Client-ID", "c").status())
        .isEqualTo(400);
  }
}
