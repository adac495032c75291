package io.ratelimiter.service.limiter.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Placement;
import io.ratelimiter.service.limiter.Rules;
import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.Attributes;
import io.ratelimiter.service.rules.Policy;
import io.ratelimiter.service.rules.Rule;
import io.ratelimiter.service.rules.RuleBuilder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The keys of rules that count by attributes, in either placement. */
class CounterKeyTests {

  private static final long SEED = 20_261_130L;
  private static final Policy POLICY = Rules.policy(Algorithm.FIXED_WINDOW, 9, 5);

  /** Parts of keys, characters with a meaning in keys, and a text that is hashed if repeated. */
  private static final String[] PIECES = {
    ":",
    "/",
    "{",
    "}",
    "%",
    "1",
    ":fw:5",
    "}:1:fw:5",
    "acme",
    "a",
    "refund",
    "{acme}",
    "%3A",
    "v".repeat(99)
  };

  private static Rule by(String... names) {
    return by(1, names);
  }

  private static Rule by(long id, String... names) {
    return RuleBuilder.rule(id, "*", "*").of("acme").policy(POLICY).by(names).limit();
  }

  private static Check check(Map<String, String> attributes) {
    return new Check("acme", "shop/42", "/v1/pay", Attributes.of(attributes), 1);
  }

  private static String key(Placement placement, Rule rule, Check check) {
    return StoreKey.of(StoreKey.prefix(check, placement), rule, check);
  }

  private static String key(Rule rule, Map<String, String> attributes) {
    return key(Placement.CLIENT, rule, check(attributes));
  }

  @Test
  void aCounterAcrossClientsHasTheTagOfTheTenantInEitherPlacement() {
    Check check = check(Map.of("ip", "10.0.0.1", "plan", "pro"));
    for (Placement placement : Placement.values()) {
      assertThat(key(placement, by(), check)).isEqualTo("rl:{acme}:1:fw:5");
      assertThat(key(placement, by("ip"), check)).isEqualTo("rl:{acme}:1:fw:5:10.0.0.1");
      assertThat(key(placement, by("plan", "limit_key", "ip"), check))
          .isEqualTo("rl:{acme}:1:fw:5:10.0.0.1:/v1/pay:pro");
      assertThat(key(placement, Rules.inEpoch(3, by()), check)).isEqualTo("rl:{acme}:1.3:fw:5");
    }
  }

  @Test
  void aCounterByClientHasTheTagOfTheClientUnlessATenantIsInOneSlot() {
    Check check = check(Map.of("ip", "10.0.0.1"));
    Rule withoutBy = Rules.enforcing(1, POLICY);
    Rule byClient = by("client_id");
    Rule byBoth = by("ip", "client_id");

    assertThat(key(Placement.CLIENT, withoutBy, check))
        .isEqualTo("rl:{acme/shop/42}:1:fw:5:/v1/pay");
    assertThat(key(Placement.CLIENT, byClient, check)).isEqualTo("rl:{acme/shop/42}:1:fw:5");
    assertThat(key(Placement.CLIENT, byBoth, check)).isEqualTo("rl:{acme/shop/42}:1:fw:5:10.0.0.1");
    assertThat(key(Placement.TENANT, withoutBy, check))
        .isEqualTo("rl:{acme}/shop/42:1:fw:5:/v1/pay");
    assertThat(key(Placement.TENANT, byClient, check)).isEqualTo("rl:{acme}/shop/42:1:fw:5");
    assertThat(key(Placement.TENANT, byBoth, check)).isEqualTo("rl:{acme}/shop/42:1:fw:5:10.0.0.1");
  }

  @Test
  void valuesAreEncodedOneByOne() {
    Rule rule = by("a", "b");
    assertThat(key(rule, Map.of("a", "x:y", "b", "{z}%")))
        .isEqualTo("rl:{acme}:1:fw:5:x%3Ay:%7Bz%7D%25");
    assertThat(key(rule, Map.of("a", "x", "b", "y:z")))
        .isNotEqualTo(key(rule, Map.of("a", "x:y", "b", "z")));
  }

  @Test
  void anAbsentValueEqualsNoValue() {
    Rule rule = by("a", "b");
    assertThat(key(rule, Map.of("a", "x"))).isEqualTo("rl:{acme}:1:fw:5:x:}");
    assertThat(key(rule, Map.of("a", "x", "b", "}"))).isEqualTo("rl:{acme}:1:fw:5:x:%7D");
  }

  /** The colon before each value counts. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void valuesOfMoreThan200CharactersAreHashed(boolean two) throws Exception {
    Rule rule = two ? by("a", "b") : by("a");
    String shortest = "v".repeat(two ? 197 : 199);
    Map<String, String> upTo = two ? Map.of("a", shortest, "b", "w") : Map.of("a", shortest);
    Map<String, String> above =
        two ? Map.of("a", shortest + "v", "b", "w") : Map.of("a", shortest + "v");
    String values = ":" + shortest + (two ? ":w" : "");
    String hashed = ":" + shortest + "v" + (two ? ":w" : "");

    assertThat(values).hasSize(200);
    assertThat(key(rule, upTo)).isEqualTo("rl:{acme}:1:fw:5" + values);
    assertThat(key(rule, above)).isEqualTo("rl:{acme}:1:fw:5:}" + sha256(hashed));
  }

  @Test
  void theLengthOfEncodedValuesDecides() {
    assertThat(key(by("a"), Map.of("a", ":".repeat(67))))
        .matches("rl:\\{acme}:1:fw:5:}[0-9a-f]{64}");
  }

  private static String sha256(String text) throws Exception {
    return HexFormat.of()
        .formatHex(
            MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** Keys of refunds and of clients' own counters included. */
  @ParameterizedTest
  @EnumSource
  void differentCountersHaveDifferentKeys(Placement placement) {
    Random random = new Random(SEED);
    Rule[] rules = {
      Rules.enforcing(1, POLICY),
      by(2),
      by(3, "client_id"),
      by(4, "a"),
      Rules.inEpoch(1, by(4, "a")),
      by(5, "a", "b"),
      by(6, "a", "client_id"),
      by(7, "a", "client_id", "limit_key"),
      Rules.enforcing(11, POLICY)
    };
    Map<String, List<Object>> seen = new HashMap<>();
    for (int i = 0; i < 200_000; i++) {
      Check check = randomCheck(random);
      int number = random.nextInt(rules.length + 1);
      List<Object> counter = new ArrayList<>();
      String key;
      if (number == rules.length) {
        String id = text(random);
        counter.addAll(List.of("refund", check.clientId(), check.limitKey(), id));
        key = StoreKey.ofRefund(StoreKey.prefix(check, placement), check, id);
      } else {
        counter.addAll(counter(rules[number], check));
        key = key(placement, rules[number], check);
      }
      List<Object> other = seen.putIfAbsent(key, counter);
      assertThat(other).as("seed %d, key %s", SEED, key).isIn(null, counter);
      assertThat(key).startsWith(placement == Placement.TENANT ? "rl:{acme}" : "rl:{acme");
    }
  }

  /** The identity of a counter: rule, epoch and the values that it is counted by. */
  private static List<Object> counter(Rule rule, Check check) {
    List<String> names = rule.terms().by();
    List<Object> counter = new ArrayList<>(List.of(rule.id(), rule.counterEpoch()));
    for (String name : names == null ? List.of("client_id", "limit_key") : names) {
      counter.add(name.equals("client_id") ? "client" : "value");
      counter.add(String.valueOf(check.attribute(name)));
    }
    return counter;
  }

  private static Check randomCheck(Random random) {
    Map<String, String> attributes = new HashMap<>();
    for (String name : List.of("a", "b")) {
      if (random.nextInt(4) > 0) {
        attributes.put(name, text(random));
      }
    }
    return new Check("acme", text(random), text(random), Attributes.of(attributes), 1);
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int length = random.nextInt(3); length >= 0; length--) {
      text.append(PIECES[random.nextInt(PIECES.length)]);
    }
    return text.toString();
  }
}
