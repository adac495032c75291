package io.ratelimiter.service.api.authz;

import static io.ratelimiter.service.rules.RuleBuilder.rule;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratelimiter.service.api.http.ProblemException;
import io.ratelimiter.service.rules.AnyRule;
import io.ratelimiter.service.rules.RuleSet;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathKeyTests {

  /** Rules of these limit keys; one that ends with {@code *} is a prefix. */
  private static RuleSet rules(String... limitKeys) {
    List<AnyRule> rules = new ArrayList<>();
    for (String key : limitKeys) {
      int id = rules.size() + 1;
      rules.add(
          (key.endsWith("*") ? rule(id, "*", "*").match("limit_key", key) : rule(id, "*", key))
              .build());
    }
    return new RuleSet(1, rules);
  }

  private static String key(RuleSet rules, String uri) {
    return PathKey.of(rules, "default", uri);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/a b",
        "/api/a b/",
        "/api/a%20b",
        "/api/a%20%62/",
        "//api//a%20b",
        "/api/./a%20b?x=/api/y",
        "/api/c/../a%20b",
        "/api;v=1/a%20b;v=2",
        "/api%2Fa%20b",
        "http://h/api/a%20b#x"
      })
  void allSpellingsOfAPathUnderAPrefixHaveOneLimitKey(String uri) {
    assertThat(key(rules("/api/*"), uri)).isEqualTo("/api/a b");
  }

  @ParameterizedTest
  @CsvSource({
    "/users,       /users",
    "/users/,      /users",
    "/users/7,     /users/7/",
    "/users/7/,    /users/7/",
    "/users/7/pay, /users/7/pay",
    "/api,         /api/",
    "/api/,        /api/",
    "/apiary,      global",
    "/,            global"
  })
  void aLimitKeyAsWrittenPrecedesAPrefix(String uri, String key) {
    assertThat(key(rules("/users", "/users/*", "/users/7/pay", "/users/7/*", "/api/*"), uri))
        .isEqualTo(key);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /api/../admin/x     | /admin/x, /api/../admin/x
          /api/..%2Fadmin/x   | /admin/x, /api/..%2Fadmin/x
          /api/../orders      | /orders, /api/../orders, /api/../orders/
          /api/a//../b        | /api/b, /api/a/b, /api/a/b/
          """)
  void aPathWithVariantsUnderDifferentLimitsIsRefused(String uri, String keys) {
    assertThatThrownBy(() -> key(rules("/api/*", "/admin/*", "/orders"), uri))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("the path can be read as several limit keys: ")
        .hasMessageContaining(keys);
  }

  @Test
  void aPathIsALimitKeyOnlyWithinItsBounds() {
    RuleSet rules = rules("/api/*");
    String longest = "/api/" + "x".repeat(251);
    assertThat(key(rules, longest)).isEqualTo(longest);
    assertThatThrownBy(() -> key(rules, longest + "x"))
        .hasMessageContaining("the path must have at most 256 bytes of UTF-8");
    assertThatThrownBy(() -> key(rules, "/api/%0A"))
        .hasMessageContaining("the path must not have control characters");
  }
}
