package io.ratelimiter.service.rules.store;

import static io.ratelimiter.service.rules.store.RulesService.limitOfRule2;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ratelimiter.localstack.PostgresServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.rules.ActiveRules;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** How soon a change is in force, with few rules and with many; prints the times. */
@LocalStack
@Tag("faults")
class ManyRulesIT {

  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int CHANGES = 100;

  @Test
  void aHundredThousandRulesAreReloadedWithinFiveSecondsAndStallNoLookup(
      PostgresServer postgres, @TempDir Path folder) {
    Database database = Database.in(postgres, "many_rules");
    RulesService.on(database, "rules.snapshot-file=" + folder.resolve("kept"))
        .run(context -> {
          ActiveRules rules = context.getBean(ActiveRules.class);
          long inserting = System.nanoTime();
          database.execute(
              """
              INSERT INTO limiter.rate_limit_rules (client_id, rate, window_seconds)
              SELECT 'client-' || n, 1 + n % 100, 60 FROM generate_series(1, 100000) n
              """);
          long insertMillis = millisSince(inserting);
          AtomicBoolean over = new AtomicBoolean();
          CompletableFuture<long[]> pauses =
              CompletableFuture.supplyAsync(() -> pauses(rules, over));
          long committed = System.nanoTime();

          await()
              .pollInterval(Duration.ofMillis(10))
              .atMost(SOON)
              .until(() -> rules.current().rules().size() == 100_003);
          long reloadMillis = millisSince(committed);
          over.set(true);
          long[] sorted = pauses.join();

          System.out.printf(
              "100 000 rules: inserted in %d ms, in force %d ms after the commit;"
                  + " lookups meanwhile: %d, p99.9 %d us, max %d us%n",
              insertMillis,
              reloadMillis,
              sorted.length,
              sorted[(int) (sorted.length * 0.999)] / 1_000,
              sorted[sorted.length - 1] / 1_000);
          assertThat(reloadMillis).isLessThan(5_000);
          assertThat(sorted[(int) (sorted.length * 0.999)]).isLessThan(1_000_000);
        });
  }

  private static long[] pauses(ActiveRules rules, AtomicBoolean over) {
    long[] nanos = new long[20_000_000];
    int count = 0;
    while (!over.get() && count < nanos.length) {
      long start = System.nanoTime();
      rules.current().match(new Check("default", "client-7", "login", 1), count);
      nanos[count++] = System.nanoTime() - start;
    }
    long[] taken = Arrays.copyOf(nanos, count);
    Arrays.sort(taken);
    return taken;
  }

  @Test
  void aChangeIsInForceInEveryInstanceWithinASecond(PostgresServer postgres) {
    Database database = Database.in(postgres, "reload_delay");
    ApplicationContextRunner instance = RulesService.on(database);
    instance.run(first ->
        instance.run(second -> {
          await().atMost(SOON).until(() -> database.listeners() == 2);
          report(
              "found by NOTIFY",
              1_000,
              reloadMillis(
                  database, first.getBean(ActiveRules.class), second.getBean(ActiveRules.class)));
        }));
  }

  @Test
  void withoutTheListenerAChangeIsInForceWithinThePollAndHalfASecond(PostgresServer postgres) {
    Database database = Database.in(postgres, "reload_delay_polled");
    RulesService.on(database, "rules.poll-interval=500ms")
        .run(context -> {
          context.getBean(ChangeListener.class).stop();
          await().atMost(SOON).until(() -> database.listeners() == 0);
          report(
              "found by polling every 500 ms",
              1_000,
              reloadMillis(database, context.getBean(ActiveRules.class)));
        });
  }

  /** Milliseconds from each commit until all of them have reloaded the rules, ascending. */
  private static long[] reloadMillis(Database database, ActiveRules... all) throws Exception {
    long[] millis = new long[CHANGES];
    try (var connection = database.connect();
        var statement = connection.createStatement()) {
      for (int change = 0; change < CHANGES; change++) {
        long limit = 1_000 + change;
        statement.execute("UPDATE limiter.rate_limit_rules SET rate = " + limit + " WHERE id = 2");
        long committed = System.nanoTime();
        await()
            .pollInterval(Duration.ofMillis(1))
            .pollDelay(Duration.ZERO)
            .atMost(SOON)
            .until(() -> Arrays.stream(all).allMatch(rules -> limitOfRule2(rules) == limit));
        millis[change] = millisSince(committed);
      }
    }
    Arrays.sort(millis);
    return millis;
  }

  private static void report(String how, long boundMillis, long[] sorted) {
    System.out.printf(
        "reload delay, %s: p50 %d ms, max %d ms over %d changes%n",
        how, sorted[CHANGES / 2], sorted[CHANGES - 1], CHANGES);
    assertThat(sorted[CHANGES - 1]).isLessThanOrEqualTo(boundMillis);
  }

  private static long millisSince(long startNanos) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
  }
}
