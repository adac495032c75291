package io.ratelimiter.service.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileRulesTests {

  @TempDir Path folder;
  private Path file;
  private FileRules rules;

  @BeforeEach
  void setUp() {
    file = folder.resolve("rules.json");
    rules = new FileRules(file);
  }

  @Test
  void rulesAreReadAsTheAdminApiTakesThem() throws IOException {
    write(
        """
        {"rules": [
          {"client_id": "default", "rate": 100, "window": 60},
          {"client_id": "client_a", "endpoint": "login", "rate": 20, "window": 60, "burst": 30,
           "algorithm": "token_bucket", "mode": "shadow", "tenant": "acme", "fail_mode": "closed"}
        ]}
        """);

    StoredRuleSet set = rules.read();

    assertThat(RuleWriter.limiting(set.compile(Algorithm.FIXED_WINDOW)))
        .extracting(
            Rule::tenant, Rule::name, Rule::clientId, Rule::limitKey, Rule::policy, Rule::failMode)
        .containsExactlyInAnyOrder(
            org.assertj.core.groups.Tuple.tuple(
                "default", "default", "*", "*", new Policy.FixedWindow(100, 60), null),
            org.assertj.core.groups.Tuple.tuple(
                "acme",
                "client_a/login",
                "client_a",
                "login",
                new Policy.TokenBucket(20, 60, 30),
                FailMode.CLOSED));
  }

  @Test
  void idsHangOnTenantAndNameAloneAndAreNeverATables() throws IOException {
    write(
        """
        {"rules": [{"client_id": "a", "rate": 1, "window": 1}, {"client_id": "b", "rate": 1, "window": 1}]}
        """);
    List<Long> before = rules.read().rules().stream().map(StoredRule::id).toList();
    write(
        """
        {"rules": [{"client_id": "b", "rate": 2, "window": 9}, {"client_id": "a", "rate": 3, "window": 9}]}
        """);
    List<Long> after = rules.read().rules().stream().map(StoredRule::id).toList();

    assertThat(after).containsExactly(before.get(1), before.get(0));
    assertThat(after).allMatch(id -> id >= 1L << 47 && id < 1L << 48);
  }

  @Test
  void theIdIsTheHashOfTenantAndName() throws IOException {
    write("{\"rules\": [{\"client_id\": \"default\", \"rate\": 1, \"window\": 1}]}");

    // printf default/default | sha256sum, its first 12 digits with the top bit set
    assertThat(rules.read().rules().getFirst().id()).isEqualTo(DEFAULT_ID);
  }

  private static final long DEFAULT_ID = 193221561033619L;

  @Test
  void everyInstanceThatReadsTheSameFileSaysTheSameRevision() throws IOException {
    write("{\"rules\": []}");
    StoredRuleSet.Version empty = rules.version();

    assertThat(new FileRules(file).read().version()).isEqualTo(empty);
    write("{\"rules\": [ ]}");
    assertThat(rules.version()).isNotEqualTo(empty);
  }

  @Test
  void twoRulesOfOneNameRefuseTheFile() throws IOException {
    write(
        """
        {"rules": [{"client_id": "a", "rate": 1, "window": 1}, {"client_id": "a", "rate": 2, "window": 2}]}
        """);

    assertThatThrownBy(() -> rules.read().compile(Algorithm.TOKEN_BUCKET))
        .isInstanceOf(InvalidRuleSetException.class)
        .hasMessage("two rules of tenant default have the name a");
  }

  @Test
  void aFaultIsNamedWithItsFieldAndRule() throws IOException {
    write("{\"rules\": [{\"client_id\": \"a\", \"rate\": \"ten\", \"window\": 1}]}");

    assertThatThrownBy(rules::read)
        .isInstanceOf(InvalidRuleSetException.class)
        .hasMessage(
            "RULES_FILE %s: rate must be a whole number, not \"ten\" in %s"
                .formatted(file, "{\"client_id\":\"a\",\"rate\":\"ten\",\"window\":1}"));
  }

  @Test
  void whatIsNoJsonOfThatShapeIsRefused() throws IOException {
    write("[]");
    assertThatThrownBy(rules::read).hasMessageEndingWith("must be {\"rules\": […]}");
    write("{\"rules\": ");
    assertThatThrownBy(rules::read).hasMessageContaining("is no JSON");
  }

  @Test
  void aMissingFileIsUnavailable() {
    assertThatThrownBy(rules::version)
        .isInstanceOf(RulesUnavailableException.class)
        .hasMessageContaining("RULES_FILE " + file);
  }

  private void write(String text) throws IOException {
    Files.writeString(file, text);
  }
}
