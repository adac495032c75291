package io.ratelimiter.service.rules.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.definition.RuleContext;
import io.ratelimiter.service.rules.definition.StoredRule;
import io.ratelimiter.service.rules.definition.StoredRuleSet;
import io.ratelimiter.service.rules.definition.StoredRuleSet.Version;
import io.ratelimiter.service.rules.live.RulesReloader.Timing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class RulesReloaderTests {

  private static final Duration SOON = Duration.ofSeconds(10);

  /** Returns the rules that a test sets, or throws its fault. */
  private static final class SettableSource implements RuleSource {

    private final AtomicInteger versionReads = new AtomicInteger();
    private final AtomicInteger reads = new AtomicInteger();
    private volatile StoredRuleSet set = ShippedRules.all();
    private volatile RuntimeException fault;
    private volatile RuntimeException readFault;

    @Override
    public RulesState.Source name() {
      return RulesState.Source.DATABASE;
    }

    @Override
    public Version version() {
      versionReads.incrementAndGet();
      if (fault != null) {
        throw fault;
      }
      return set.version();
    }

    @Override
    public StoredRuleSet read() {
      reads.incrementAndGet();
      if (readFault != null) {
        throw readFault;
      }
      return set;
    }

    void awaitVersionReads(int more) {
      int from = versionReads.get();
      await().atMost(SOON).until(() -> versionReads.get() >= from + more);
    }
  }

  private final SettableSource source = new SettableSource();
  private final List<Long> stored = new ArrayList<>();
  private final LiveRules live =
      new LiveRules(
          RuleContext.of(Algorithm.TOKEN_BUCKET),
          true,
          System::nanoTime,
          new StartRules(ShippedRules.all(), RulesState.Source.SHIPPED));
  private final RulesReloader reloader =
      new RulesReloader(
          source,
          live,
          set -> stored.add(set.revision()),
          new Timing(Duration.ofMillis(10), Duration.ofSeconds(5)));

  @BeforeEach
  void start() {
    reloader.start();
  }

  @AfterEach
  void stop() {
    reloader.stop();
  }

  @Test
  void theFirstSetIsInForceWhenTheStartReturns() {
    assertThat(live.state().source()).isEqualTo(RulesState.Source.DATABASE);
  }

  @Test
  void anUnchangedSetIsReadOnce() {
    source.awaitVersionReads(5);

    assertThat(source.reads).hasValue(1);
    assertThat(stored).containsExactly(0L);
  }

  @Test
  void aRefusedSetIsReadAndLoggedOnceAndNotStored(CapturedOutput output) {
    StoredRule rule = ShippedRules.all().rules().getFirst();
    source.set = new StoredRuleSet(new Version(5, "x"), List.of(rule, rule));
    await().atMost(SOON).until(() -> live.state().refused() != null);
    source.awaitVersionReads(5);

    assertThat(source.reads).hasValue(2);
    assertThat(stored).containsExactly(0L);
    assertThat(output.getAll().split("Rules refused: revision 5", -1)).hasSize(2);
  }

  @Test
  void anOutageIsLoggedOnceAndSoIsItsEnd(CapturedOutput output) {
    source.fault = new RulesUnavailableException("gone", new RuntimeException("pulled the plug"));
    await().atMost(SOON).until(() -> live.state().unavailable() != null);
    source.awaitVersionReads(5);
    source.fault = null;
    await().atMost(SOON).until(() -> live.state().unavailable() == null);

    assertThat(output.getAll().split("Rules cannot be read: pulled the plug", -1)).hasSize(2);
    assertThat(output.getAll().split("Rules can be read again", -1)).hasSize(2);
  }

  /** The source answers with a set that cannot be read, which is not an outage. */
  @Test
  void aSetThatCannotBeReadIsRefusedAndReadAgain(CapturedOutput output) {
    source.readFault = new IllegalStateException("bad data");
    source.set = new StoredRuleSet(new Version(5, "x"), ShippedRules.all().rules());
    await().atMost(SOON).until(() -> live.state().refused() != null);
    source.awaitVersionReads(3);

    assertThat(live.state().unavailable()).isNull();
    assertThat(live.state().databaseAvailable()).isTrue();
    assertThat(live.state().refused().why()).isEqualTo("bad data");
    assertThat(output.getAll().split("IllegalStateException: bad data", -1)).hasSize(2);
    source.readFault = null;
    await().atMost(SOON).until(() -> live.state().revision() == 5);
    assertThat(live.state().refused()).isNull();
  }

  @Test
  void anUnexpectedFaultIsLoggedOnceAndDoesNotEndTheReloads(CapturedOutput output) {
    source.fault = new IllegalStateException("a bug");
    await().atMost(SOON).until(() -> live.state().unavailable() != null);
    source.awaitVersionReads(3);
    assertThat(output.getAll().split("IllegalStateException: a bug", -1)).hasSize(2);
    source.fault = null;

    await().atMost(SOON).until(() -> live.state().unavailable() == null);
  }
}
