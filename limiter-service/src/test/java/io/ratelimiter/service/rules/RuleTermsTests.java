package io.ratelimiter.service.rules;

import static io.ratelimiter.service.rules.RuleBuilder.rule;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a rule matches and counts by, at each bound. */
class RuleTermsTests {

  private static final String NAMES = "must have names that match [a-z][a-z0-9_.-]{0,62}";

  private static RuleBuilder any() {
    return rule(1, "*", "*");
  }

  private static void refused(RuleBuilder rule, String message) {
    assertThatThrownBy(rule::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
    assertThatThrownBy(() -> rule.exempt().build()).hasMessage(message);
  }

  private static RuleBuilder matching(int members) {
    RuleBuilder rule = any();
    for (int i = 0; i < members; i++) {
      rule = rule.match("a" + i, "v");
    }
    return rule;
  }

  @Test
  void aMatchHasAtMostSixteenMembers() {
    assertThat(matching(16).build().terms().match()).hasSize(16);
    refused(matching(17), "match must have at most 16 members");
    refused(matching(16).match("client_id", "a*"), "match must have at most 16 members");
  }

  @Test
  void aRuleCountsByAtMostFourAttributesEachOnce() {
    assertThat(any().by("d", "c", "b", "a").build().terms().by())
        .containsExactly("a", "b", "c", "d");
    assertThat(any().by().build().terms().by()).isEmpty();
    refused(any().by("a", "b", "c", "d", "e"), "by must have at most 4 names, each once");
    refused(any().by("a", "b", "a"), "by must have at most 4 names, each once");
  }

  @Test
  void aNameHasAtMost63Characters() {
    String longest = "n".repeat(63);
    assertThat(any().match(longest, "v").by(longest).build().terms().by()).containsExactly(longest);
    refused(any().match(longest + "n", "v"), "match " + NAMES);
    refused(any().by(longest + "n"), "by " + NAMES);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Ip", "1ip", "_ip", "i p", "ip:", "ïp", "ip\n", "*"})
  void aNameOutsideTheGrammarIsRefused(String name) {
    refused(any().match(name, "v"), "match " + NAMES);
    refused(any().by(name), "by " + NAMES);
  }

  @Test
  void theTenantIsNoAttribute() {
    refused(any().match("tenant", "v"), "match must not have tenant, which is a field of its own");
    refused(any().by("tenant"), "by must not have tenant, which is a field of its own");
  }

  /** Two bytes each: 128 characters are 256 bytes. */
  @ParameterizedTest
  @ValueSource(strings = {"v", "é"})
  void aValueHasAtMost256Bytes(String character) {
    String longest = character.repeat(character.equals("v") ? 256 : 128);
    assertThat(any().match("ip", longest).build().terms().match()).containsValue(longest);
    refused(any().match("ip", longest + "v"), "match.ip must have 1 to 256 bytes");
    refused(any().match("ip", longest + "*"), "match.ip must have 1 to 256 bytes");
    refused(any().match("ip", ""), "match.ip must have 1 to 256 bytes");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\0", "a\nb", "\u007f", "a\u0085*", "\ud83d", "\ude00a"})
  void aValueIsTextWithoutControlCharacters(String value) {
    refused(any().match("ip", value), "match.ip must be text without control characters");
  }

  @ParameterizedTest
  @ValueSource(strings = {"client_id", "limit_key"})
  void clientIdAndLimitKeyAreMatchedByPrefixOnly(String name) {
    String fault = "match.%1$s must be a prefix and *; an exact value is given as %1$s";
    assertThat(any().match(name, "a*").build().terms().match()).containsEntry(name, "a*");
    refused(any().match(name, "acme"), fault.formatted(name));
    refused(any().match(name, "*"), fault.formatted(name));
    refused(
        any().match(name, "v".repeat(256) + "*"), "match." + name + " must have 1 to 256 bytes");
  }

  @Test
  void aPrefixIsRefusedBesideTheExactValue() {
    assertThat(rule(1, "alice", "*").match("limit_key", "/v1/*").build()).isNotNull();
    assertThat(rule(1, "*", "login").match("client_id", "a*").build()).isNotNull();
    refused(
        rule(1, "alice", "*").match("client_id", "a*"),
        "match.client_id must not be given beside client_id");
    refused(
        rule(1, "*", "login").match("limit_key", "l*"),
        "match.limit_key must not be given beside limit_key");
  }

  @Test
  void sharedAndByExcludeEachOther() {
    refused(any().shared().by(), "shared is for rules without by only");
    refused(any().shared().by("client_id"), "shared is for rules without by only");
  }

  @ParameterizedTest
  @CsvSource({"ip, true", "limit_key, true", "client_id, false", "client_id ip, false", "'', true"})
  void aCounterIsAcrossClientsUnlessItIsByClient(String by, boolean across) {
    String[] names = by.isEmpty() ? new String[0] : by.split(" ");
    RuleTerms terms = any().by(names).build().terms();
    assertThat(terms.acrossClients()).isEqualTo(across);
    assertThat(terms.plain()).isFalse();
    assertThat(any().build().terms().acrossClients()).isFalse();
    assertThat(any().build().terms().plain()).isTrue();
    assertThat(any().match("ip", "*").build().terms().plain()).isFalse();
  }

  @Test
  void matchAndByAreCopied() {
    SortedMap<String, String> match = new TreeMap<>();
    match.put("ip", "1");
    RuleTerms plain = RuleTerms.enforcing("acme", "a", "*", "*");
    RuleTerms terms =
        new RuleTerms(
            "acme",
            "a",
            "*",
            "*",
            match,
            List.of("ip"),
            Mode.ENFORCE,
            true,
            false,
            false,
            null,
            null,
            null);
    match.put("plan", "pro");
    assertThat(terms.match()).hasSize(1);
    assertThatThrownBy(() -> terms.match().clear())
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> plain.match().put("ip", "1"))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @ParameterizedTest
  @EnumSource
  void aRateOf0IsABanOfAnyAlgorithmWithinTheBoundsOfAWindow(Algorithm algorithm) {
    for (long window : new long[] {1, Policy.MAX_WINDOW_SECONDS}) {
      assertThat(Policy.of(algorithm, 0, window, OptionalLong.empty()))
          .isEqualTo(new Policy.Ban(algorithm, window));
    }
    for (long window : new long[] {0, Policy.MAX_WINDOW_SECONDS + 1}) {
      assertThatThrownBy(() -> Policy.of(algorithm, 0, window, OptionalLong.empty()))
          .hasMessage("window must be 1 to 31622400 seconds, not " + window);
    }
    assertThatThrownBy(() -> Policy.of(algorithm, -1, 60, OptionalLong.empty()))
        .hasMessage("rate must be 0 to 1000000000, not -1");
  }

  @Test
  void aRateOf0HasNoBurst() {
    assertThatThrownBy(() -> Policy.of(Algorithm.TOKEN_BUCKET, 0, 60, OptionalLong.of(1)))
        .hasMessage("burst is not for rate 0, which allows nothing");
    assertThatThrownBy(() -> Policy.of(Algorithm.FIXED_WINDOW, 0, 60, OptionalLong.of(1)))
        .hasMessage("burst is for token_bucket only, not for fixed_window");
  }
}
