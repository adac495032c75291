package io.ratelimiter.service.rules.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.AnyRule;
import io.ratelimiter.service.rules.FailMode;
import io.ratelimiter.service.rules.Mode;
import io.ratelimiter.service.rules.RuleBuilder;
import io.ratelimiter.service.rules.RuleTerms;
import io.ratelimiter.service.rules.Spending;
import io.ratelimiter.service.rules.definition.PolicyDefinition;
import io.ratelimiter.service.rules.definition.RuleContext;
import io.ratelimiter.service.rules.definition.RuleDefinition;
import io.ratelimiter.service.rules.definition.StoredRule;
import io.ratelimiter.service.rules.definition.StoredRuleSet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotFileTests {

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void setUp() {
    file = folder.resolve("deep").resolve("rules.snapshot");
  }

  @Test
  void aWrittenSetIsReadAgain() {
    StoredRuleSet set = set(7);

    new SnapshotFile(file).write(set);

    assertThat(new SnapshotFile(file).read()).contains(set);
  }

  @Test
  void aSetReplacesTheOneBeforeAndLeavesNoOtherFile() throws IOException {
    SnapshotFile snapshot = new SnapshotFile(file);
    snapshot.write(set(7));
    snapshot.write(set(8));

    assertThat(snapshot.read()).contains(set(8));
    try (var files = Files.list(file.getParent())) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void withoutAFileThereIsNoSet() {
    assertThat(new SnapshotFile(file).read()).isEmpty();
  }

  @Test
  void aDamagedFileIsNotUsed() throws IOException {
    SnapshotFile snapshot = new SnapshotFile(file);
    snapshot.write(set(7));
    String whole = Files.readString(file);

    Files.writeString(file, whole.replace("\"rate\":20", "\"rate\":21"));
    assertThat(snapshot.read()).isEmpty();
    Files.writeString(file, whole.substring(0, whole.length() / 2));
    assertThat(snapshot.read()).isEmpty();
    Files.write(file, new byte[0]);
    assertThat(snapshot.read()).isEmpty();
    Files.writeString(file, whole, StandardCharsets.UTF_8);
    assertThat(snapshot.read()).isPresent();
  }

  @Test
  void aFailedWriteIsNotThrown() throws IOException {
    Files.writeString(file.getParent(), "a file where a folder should be");

    new SnapshotFile(file).write(set(7));

    assertThat(file.getParent()).isRegularFile();
  }

  @Test
  void inAFileOfAnEarlierVersionEveryEpochIsZero() throws IOException {
    SnapshotFile snapshot = new SnapshotFile(file);
    snapshot.write(set(7));
    String written = Files.readString(file);
    String body = written.substring(written.indexOf('\n') + 1).replace("\"counter_epoch\":3,", "");

    Files.writeString(file, Sha256.of(body.getBytes(StandardCharsets.UTF_8)).hex() + "\n" + body);

    assertThat(written).contains("\"counter_epoch\":3,");
    assertThat(snapshot.read().orElseThrow().rules())
        .extracting(StoredRule::counterEpoch)
        .containsExactly(0L);
  }

  @Test
  void inAFileOfAnEarlierVersionSpendingIsPlain() throws IOException {
    SnapshotFile snapshot = new SnapshotFile(file);
    snapshot.write(set(7));
    String written = Files.readString(file);
    String spending =
        "\"reserve\":{\"normal\":0.2,\"low\":0.5001},\"max_wait_ms\":1500,\"overdraft\":400,";
    String body = written.substring(written.indexOf('\n') + 1).replace(spending, "");

    Files.writeString(file, Sha256.of(body.getBytes(StandardCharsets.UTF_8)).hex() + "\n" + body);

    assertThat(written).contains(spending);
    assertThat(snapshot.read().orElseThrow().rules())
        .extracting(rule -> rule.definition().spending())
        .containsExactly(Spending.PLAIN);
  }

  @Test
  void anExemptRuleIsStoredWithoutNumbers() {
    RuleTerms terms = RuleBuilder.rule(1, "free", "*").exempt().build().terms();
    PolicyDefinition none = new PolicyDefinition(null, null, null, null);
    StoredRuleSet exempt =
        new StoredRuleSet(
            new StoredRuleSet.Version(7, "stamp"),
            List.of(new StoredRule(1, new RuleDefinition(terms, none, Spending.PLAIN, "{}"), 5)));

    new SnapshotFile(file).write(exempt);

    assertThat(new SnapshotFile(file).read().orElseThrow().rules())
        .extracting(rule -> rule.effective(RuleContext.of(Algorithm.TOKEN_BUCKET)))
        .containsExactly(new AnyRule.Exempt(1, 5, terms));
  }

  @Test
  void matchAndByAreKept() {
    RuleTerms terms =
        RuleBuilder.rule(1, "*", "*")
            .match("ip", "*")
            .match("plan", "p*")
            .match("quote", "\"\\")
            .by("client_id", "ip")
            .limit()
            .terms();
    PolicyDefinition ban = new PolicyDefinition(null, 0L, 1L, null);
    StoredRuleSet set =
        new StoredRuleSet(
            new StoredRuleSet.Version(7, "stamp"),
            List.of(new StoredRule(1, new RuleDefinition(terms, ban, Spending.PLAIN, null), 5)));

    new SnapshotFile(file).write(set);

    assertThat(new SnapshotFile(file).read()).contains(set);
  }

  @Test
  void inAFileOfAnEarlierVersionNoRuleHasMatchOrBy() throws IOException {
    new SnapshotFile(file).write(set(7));
    String body = Files.readString(file).substring(65).replace("\"match\":{},\"by\":null,", "");
    assertThat(body).doesNotContain("match");
    Files.writeString(file, Sha256.of(body.getBytes(StandardCharsets.UTF_8)).hex() + "\n" + body);

    assertThat(new SnapshotFile(file).read()).contains(set(7));
  }

  @Test
  void metadataIsNotStored() throws IOException {
    new SnapshotFile(file).write(set(7, "{\"owner\":"));

    assertThat(new SnapshotFile(file).read()).contains(set(7));
    assertThat(Files.readString(file)).doesNotContain("metadata").doesNotContain("owner");
  }

  /** Earlier versions wrote the metadata too. */
  @Test
  void metadataOfAnOlderFileIsIgnored() throws IOException {
    new SnapshotFile(file).write(set(7));
    String body =
        Files.readString(file)
            .substring(65)
            .replace("\"id\":", "\"metadata\":{\"n\":1e2000},\"id\":");
    Files.writeString(file, Sha256.of(body.getBytes(StandardCharsets.UTF_8)).hex() + "\n" + body);

    assertThat(new SnapshotFile(file).read()).contains(set(7));
  }

  private static StoredRuleSet set(long revision) {
    return set(revision, null);
  }

  private static StoredRuleSet set(long revision, String metadata) {
    RuleTerms terms =
        new RuleTerms(
            "acme",
            "known as",
            // Means every client in the original format, but not in a snapshot.
            "default",
            "*",
            new TreeMap<>(),
            null,
            Mode.SHADOW,
            false,
            true,
            true,
            FailMode.LOCAL,
            Instant.parse("2026-11-27T00:00:00.000001Z"),
            Instant.parse("2026-11-28T00:00:00Z"));
    PolicyDefinition policy = new PolicyDefinition(Algorithm.TOKEN_BUCKET, 20L, 60L, 40L);
    Spending spending = new Spending(2_000, 5_001, 1_500, 400);
    RuleDefinition rule = new RuleDefinition(terms, policy, spending, metadata);
    return new StoredRuleSet(
        new StoredRuleSet.Version(revision, "stamp"),
        List.of(new StoredRule(1000, rule, 5, 3, Instant.EPOCH, Instant.ofEpochSecond(1, 1000))));
  }
}
