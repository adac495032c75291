package io.ratelimiter.auditor.streams;

import static org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.REPLACE_THREAD;
import static org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ThreadBudgetTests {

  private static final Exception FAULT = new IllegalStateException("a fault of the test");

  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 7);
  private final ThreadBudget budget = new ThreadBudget(now::get);

  @Test
  void fiveDeathsAreReplacedAndTheSixthStops() {
    for (int death = 1; death <= 5; death++) {
      assertThat(budget.handle(FAULT)).isEqualTo(REPLACE_THREAD);
    }
    assertThat(budget.handle(FAULT)).isEqualTo(SHUTDOWN_CLIENT);
    assertThat(budget.replaced()).isEqualTo(5);
  }

  @Test
  void eachMinuteEarnsOneMore() {
    spend();
    pass(Duration.ofSeconds(59));
    assertThat(budget.handle(FAULT)).isEqualTo(SHUTDOWN_CLIENT);

    pass(Duration.ofSeconds(1));
    assertThat(budget.handle(FAULT)).isEqualTo(REPLACE_THREAD);
    assertThat(budget.handle(FAULT)).isEqualTo(SHUTDOWN_CLIENT);
  }

  @Test
  void neverMoreThanFiveAreEarned() {
    pass(Duration.ofDays(1));
    spend();
    assertThat(budget.handle(FAULT)).isEqualTo(SHUTDOWN_CLIENT);
  }

  private void spend() {
    for (int death = 1; death <= 5; death++) {
      budget.handle(FAULT);
    }
  }

  private void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }
}
