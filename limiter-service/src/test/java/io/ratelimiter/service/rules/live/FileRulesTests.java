package io.ratelimiter.service.rules.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.FailMode;
import io.ratelimiter.service.rules.InvalidRuleSetException;
import io.ratelimiter.service.rules.Policy;
import io.ratelimiter.service.rules.Rule;
import io.ratelimiter.service.rules.RuleBuilder;
import io.ratelimiter.service.rules.definition.RuleContext;
import io.ratelimiter.service.rules.definition.StoredRule;
import io.ratelimiter.service.rules.definition.StoredRuleSet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileRulesTests {

  @TempDir Path folder;
  private Path file;
  private FileRules rules;

  @BeforeEach
  void setUp() {
    file = folder.resolve("rules.json");
    rules = new FileRules(file, RuleContext.of(Algorithm.TOKEN_BUCKET));
  }

  @Test
  void rulesHaveTheFormatOfTheAdminApi() throws IOException {
    write(
        """
        {"rules": [
          {"client_id": "default", "rate": 100, "window": 60},
          {"client_id": "client_a", "endpoint": "login", "rate": 20, "window": 60, "burst": 30,
           "algorithm": "token_bucket", "mode": "shadow", "tenant": "acme", "fail_mode": "closed"}
        ]}
        """);

    StoredRuleSet set = rules.read();

    assertThat(RuleBuilder.limiting(set.compile(RuleContext.of(Algorithm.FIXED_WINDOW))))
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
  void idsDependOnTenantAndNameOnlyAndDifferFromThoseOfTheTable() throws IOException {
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
  void everyInstanceWithTheSameFileReportsTheSameRevision() throws IOException {
    write("{\"rules\": []}");
    StoredRuleSet.Version empty = rules.version();

    assertThat(new FileRules(file, RuleContext.of(Algorithm.TOKEN_BUCKET)).read().version())
        .isEqualTo(empty);
    write("{\"rules\": [ ]}");
    assertThat(rules.version()).isNotEqualTo(empty);
  }

  @Test
  void twoRulesOfOneNameRefuseTheFile() throws IOException {
    write(
        """
        {"rules": [{"client_id": "a", "rate": 1, "window": 1}, {"client_id": "a", "rate": 2, "window": 2}]}
        """);

    assertThatThrownBy(rules::read)
        .isInstanceOf(InvalidRuleSetException.class)
        .hasMessage(
            "RULES_FILE %s: rules[1], line 1: name must be unique within its tenant: rules[0] of tenant default is \"a\" too"
                .formatted(file));
  }

  @Test
  void rulesWithoutAClientHaveOneDefaultNameAndNeedTheirOwn() throws IOException {
    String rules =
        """
        {"rules": [{"by": [], "rate": 1, "window": 1}, {%s"match": {"ip": "*"}, "rate": 2, "window": 2}]}
        """;
    write(rules.formatted(""));

    assertThat(FileRules.fault(file, true))
        .contains(
            "RULES_FILE %s: rules[1], line 1: name must be unique within its tenant: rules[0] of tenant default is \"*\" too; give each a name"
                .formatted(file));
    write(rules.formatted("\"name\": \"ip\", "));
    assertThat(FileRules.fault(file, true)).isEmpty();
  }

  @Test
  void aFaultIsNamedWithItsFieldAndRule() throws IOException {
    write("{\"rules\": [{\"client_id\": \"a\", \"rate\": \"ten\", \"window\": 1}]}");

    assertThatThrownBy(rules::read)
        .isInstanceOf(InvalidRuleSetException.class)
        .hasMessage(
            "RULES_FILE %s: rules[0], line 1: rate must be a whole number, not \"ten\""
                .formatted(file));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[] | it must be {\"rules\": […]}",
        "null | it must be {\"rules\": […]}",
        "{'rulez':[]} | it must be {\"rules\": […]}",
        "{'rules':{}} | it must be {\"rules\": […]}",
        "{'rules':[]}{} | it must be one JSON object, and something follows it",
        "{'rules': | it must be valid JSON; it is not at line 1, column ",
        "{'rules':[],'rules':[]} | \"rules\" must be given once; it is there again at line 1, column ",
        "{'rules':[{'rate':1,'rate':1}]} | \"rate\" must be given once; it is there again at line 1, ",
        "{'rules':[{'rate':1e99999999999}]} | rules[0], line 1: it must have no number beyond",
        "{'rules':[7]} | rules[0], line 1: a rule must be a JSON object",
        "{'rules':[{'client_id':'a','rate':-1,'window':1}]} | rules[0], line 1: rate must be 0 to",
        "{'rules':[{'client_id':'a','rate':1,'window':1,'tenant':'A\\nB'}]}"
            + " | rules[0], line 1: tenant must match [a-z0-9][a-z0-9_-]{0,62}, not \"A B\"",
        "{'rules':[{'client_id':'a','rate':1,'window':1,'metadata':{'n':1e2000}}]}"
            + " | rules[0], line 1: metadata must have only numbers"
      })
  void aFaultIsOneLineThatNamesVariableFilePlaceAndFault(String text, String fault)
      throws IOException {
    write(text.replace('\'', '"'));

    assertThat(FileRules.fault(file, true))
        .hasValueSatisfying(line ->
            assertThat(line)
                .startsWith("RULES_FILE %s: %s".formatted(file, fault))
                .doesNotContain("\n"));
  }

  @Test
  void theLineOfTheRuleIsNamed() throws IOException {
    write("{\"rules\": [\n  {\"client_id\": \"a\", \"rate\": 1, \"window\": 1},\n  {}\n]}");

    assertThat(FileRules.fault(file, true))
        .contains("RULES_FILE %s: rules[1], line 3: client_id is required".formatted(file));
  }

  @Test
  void aNinthRuleInACellIsNamedWithTheFile() throws IOException {
    String rule = "{\"client_id\":\"a\",\"name\":\"n%d\",\"rate\":1,\"window\":1}";
    write(
        IntStream.rangeClosed(1, 9)
            .mapToObj(rule::formatted)
            .collect(Collectors.joining(",", "{\"rules\":[", "]}")));

    assertThat(FileRules.fault(file, true))
        .contains(
            "RULES_FILE "
                + file
                + ": more than 8 enabled rules for tenant default, client_id a, limit_key *");
  }

  @Test
  void aFileThatIsTooLargeOrNotUtf8IsRefused() throws IOException {
    Files.write(file, new byte[FileRules.MAX_BYTES + 1]);
    assertThat(FileRules.fault(file, true))
        .contains("RULES_FILE " + file + ": it must have at most 8388608 bytes");
    Files.write(file, "{\"rules\": [], \"note\": \"ü\"}".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(FileRules.fault(file, true))
        .contains("RULES_FILE " + file + ": it must be JSON in UTF-8, and is not UTF-8");
  }

  @Test
  void aByteOrderMarkAndUnknownFieldsAreIgnored() throws IOException {
    write(
        "\uFEFF{\"note\": {\"rules\": 1}, \"rules\": [{\"client_id\": \"a\", \"rate\": 1.0, \"window\": 1, \"note\": 1}]}");

    assertThat(FileRules.fault(file, true)).isEmpty();
  }

  /** RULES_FILE.md documents the format; its example is valid. */
  @Test
  void theExampleOfTheDocumentIsLoaded() throws IOException {
    String document = Files.readString(Path.of("RULES_FILE.md"));
    Matcher example = Pattern.compile("```json\n(.*?)```", Pattern.DOTALL).matcher(document);
    assertThat(example.find()).isTrue();
    write(example.group(1));

    assertThat(FileRules.fault(file, true)).isEmpty();
    for (Algorithm algorithm : Algorithm.values()) {
      assertThat(new FileRules(file, RuleContext.of(algorithm)).readValid().rules()).hasSize(8);
    }
    for (String field :
        List.of(
            "client_id",
            "match",
            "by",
            "endpoint",
            "tenant",
            "name",
            "rate",
            "window",
            "algorithm",
            "burst",
            "reserve",
            "max_wait_ms",
            "overdraft",
            "mode",
            "enabled",
            "shared",
            "always",
            "fail_mode",
            "valid_from",
            "valid_until",
            "metadata")) {
      assertThat(example.group(1)).contains("\"" + field + "\":");
      assertThat(document).contains("`" + field + "`");
    }
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
