package io.ratelimiter.service.rules;

import static io.ratelimiter.service.rules.RuleBuilder.rule;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LimitKeysTests {

  private static RuleBuilder acme(int id) {
    return rule(id, "*", "*").of("acme");
  }

  @Test
  void aPrefixNamesTheLimitKeysThatItMatches() {
    RuleSet set =
        new RuleSet(
            1,
            List.of(
                acme(1).match("limit_key", "/v1/*").build(),
                acme(2).match("limit_key", "/v2/*").by().exempt().build(),
                acme(3).match("limit_key", "/v3/*").disabled().build(),
                acme(4).match("ip", "/v4/*").build()));

    assertThat(Stream.of("/v1/pay", "/v1/", "/v2/pay").map(key -> set.limitKeyPrefix("acme", key)))
        .containsExactly("/v1/", "/v1/", "/v2/");
    assertThat(List.of("/v1", "v1/", "/v3/pay", "/v4/pay", ""))
        .allMatch(key -> set.limitKeyPrefix("acme", key) == null);
    assertThat(set.limitKeyPrefix("other", "/v1/pay")).isNull();
    assertThat(set.namesLimitKey("acme", "/v1/")).isFalse();
  }

  @Test
  void theLongestOfRandomPrefixesIsFound() {
    Random random = new Random(25);
    for (int set = 0; set < 500; set++) {
      List<String> prefixes = Stream.generate(() -> text(random)).limit(6).distinct().toList();
      List<AnyRule> rules = new ArrayList<>();
      for (String prefix : prefixes) {
        rules.add(acme(rules.size()).match("limit_key", prefix + "*").build());
      }
      LimitKeys keys = new LimitKeys(rules);
      for (int i = 0; i < 50; i++) {
        String key = text(random);
        assertThat(keys.longestPrefix(key))
            .as("%s of %s", key, prefixes)
            .isEqualTo(
                prefixes.stream()
                    .filter(key::startsWith)
                    .max(Comparator.comparingInt(String::length))
                    .orElse(null));
      }
    }
  }

  /** One to five letters of two. */
  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int length = 1 + random.nextInt(5); length > 0; length--) {
      text.append(random.nextBoolean() ? 'a' : 'b');
    }
    return text.toString();
  }
}
