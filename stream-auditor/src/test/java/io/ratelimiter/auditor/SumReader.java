package io.ratelimiter.auditor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Reads sums of several views every 100 ms: none may fall, and none may exceed what was published.
 */
final class SumReader {

  private static final String SUMS =
      """
      SELECT (SELECT sum(allowed_count + blocked_count + error_count) FROM audit.block_rate_by_minute),
             (SELECT sum(allowed_count + blocked_count + error_count) FROM audit.tenant_block_rate_by_hour),
             (SELECT sum(allowed_count + blocked_count + error_count) FROM audit.instance_by_hour),
             (SELECT sum(allowed_count + blocked_count + error_count) FROM audit.served_metrics),
             (SELECT sum(received) FROM audit.audit_completeness),
             (SELECT sum(allowed_count) FROM audit.bills_by_month),
             (SELECT coalesce(extract(epoch FROM as_of) * 1000, 0) FROM audit.freshness)
      """;

  /** The first five are of all decisions. */
  private static final int OF_ALL = 5;

  private final Sql sql;
  private final ExpectedTables expected;
  private final CompletableFuture<Void> stopping = new CompletableFuture<>();
  private final CompletableFuture<Integer> readings;

  /** Starts to read. */
  SumReader(Sql sql, ExpectedTables expected) {
    this.sql = sql;
    this.expected = expected;
    this.readings = CompletableFuture.supplyAsync(this::read);
  }

  private int read() {
    List<Long> before = List.of();
    int count = 0;
    for (; !stopping.isDone(); count++) {
      List<Long> now = sums();
      long published = expected.decisions();
      for (int i = 0; i < before.size(); i++) {
        assertThat(now.get(i))
            .as("sum %d, before %s now %s", i, before, now)
            .isGreaterThanOrEqualTo(before.get(i));
      }
      assertThat(now.subList(0, OF_ALL))
          .allSatisfy(sum -> assertThat(sum).isLessThanOrEqualTo(published));
      before = now;
      pass(stopping, 100);
    }
    return count;
  }

  private List<Long> sums() {
    List<Long> sums = new ArrayList<>();
    for (String sum : sql.one(SUMS).split("\\|", -1)) {
      sums.add((long) Double.parseDouble(sum));
    }
    return sums;
  }

  /** Ends and returns how often it has read; fails if a sum was wrong. */
  int stop() throws Exception {
    stopping.complete(null);
    return readings.get(60, TimeUnit.SECONDS);
  }

  /** Waits until the future is complete, at most so long. */
  static void pass(CompletableFuture<Void> end, long millis) {
    try {
      end.get(millis, TimeUnit.MILLISECONDS);
    } catch (TimeoutException _) {
      return;
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }
}
