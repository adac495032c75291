package io.ratelimiter.service.limiter.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Placement;
import io.ratelimiter.service.limiter.Rules;
import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.Policy;
import io.ratelimiter.service.rules.Rule;
import io.ratelimiter.service.rules.RuleBuilder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StoreKeyTests {

  /** Characters with a meaning in a key, their encodings, and similar characters. */
  private static final String[] PIECES = {
    "{", "}", ":", "%", "/", "*", "a", "7", "B", "D", "u", "%7B", "%25", "%ud800", "\0", "\n",
    "\u007f", "\u0085", "é", "日", "😀", "\ud83d", "\ude00", "?", " "
  };

  private static String key(Rule rule, String client, String limitKey) {
    Check check = new Check("acme", client, limitKey, 1);
    return StoreKey.of(StoreKey.prefix(check, Placement.CLIENT), rule, check);
  }

  @Test
  void aKeyHasTenantClientRuleAlgorithmWindowAndLimitKey() {
    Rule rule = Rules.enforcing(17, Rules.policy(Algorithm.SLIDING_WINDOW_COUNTER, 20, 60));
    assertThat(key(rule, "shop/42", "/v1/pay")).isEqualTo("rl:{acme/shop/42}:17:sc:60:/v1/pay");
  }

  @Test
  void eachAlgorithmHasItsOwnTwoLetters() {
    assertThat(Algorithm.values())
        .extracting(algorithm -> key(Rules.enforcing(1, Rules.policy(algorithm, 9, 5)), "c", "k"))
        .containsExactly(
            "rl:{acme/c}:1:tb:5:k",
            "rl:{acme/c}:1:fw:5:k",
            "rl:{acme/c}:1:sl:5:k",
            "rl:{acme/c}:1:sc:5:k");
  }

  @Test
  void onlyTheKeyOfARuleThatCountsEachLimitKeyContainsIt() {
    Policy policy = Rules.policy(Algorithm.FIXED_WINDOW, 9, 5);
    Rule shared = RuleBuilder.rule(1, "*", "*").policy(policy).shared().limit();
    Rule ofOneKey = RuleBuilder.rule(1, "*", "k").policy(policy).limit();
    assertThat(key(shared, "c", "k")).isEqualTo("rl:{acme/c}:1:fw:5");
    assertThat(key(ofOneKey, "c", "k")).isEqualTo("rl:{acme/c}:1:fw:5");
  }

  @Test
  void aCounterEpochFollowsTheRulesIdUnlessItIsZero() {
    Rule rule = Rules.enforcing(17, Rules.policy(Algorithm.FIXED_WINDOW, 9, 5));
    assertThat(key(Rules.inEpoch(0, rule), "c", "k")).isEqualTo("rl:{acme/c}:17:fw:5:k");
    assertThat(key(Rules.inEpoch(3, rule), "c", "k")).isEqualTo("rl:{acme/c}:17.3:fw:5:k");
  }

  @Test
  void bracesColonsAndControlCharactersAreEncoded() {
    String every = String.join("", PIECES);
    assertThat(StoreKey.encode(every))
        .doesNotContain("{", "}", ":")
        .matches(text -> text.codePoints().noneMatch(Character::isISOControl), "no control");
  }

  @Test
  void differentTextsHaveDifferentBytes() {
    long seed = 99;
    Random random = new Random(seed);
    Map<String, String> seen = new HashMap<>();
    for (int i = 0; i < 200_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int length = random.nextInt(5); length >= 0; length--) {
        text.append(PIECES[random.nextInt(PIECES.length)]);
      }
      byte[] bytes = StoreKey.encode(text.toString()).getBytes(StandardCharsets.UTF_8);
      String other =
          seen.putIfAbsent(new String(bytes, StandardCharsets.ISO_8859_1), text.toString());
      assertThat(other).as("seed " + seed).isIn(null, text.toString());
    }
  }

  @Test
  void aRefundsKeyIsInTheClientsSlotAndEqualsNoRulesKey() {
    Check check = new Check("acme", "c", "a:b", 1);
    assertThat(StoreKey.ofRefund(StoreKey.prefix(check, Placement.CLIENT), check, "x:y"))
        .isEqualTo("rl:{acme/c}:refund:a%3Ab:x%3Ay")
        .startsWith(StoreKey.prefix(check, Placement.CLIENT));
  }
}
