package io.ratelimiter.auditor.ops;

import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The number of dead letters since the start, and the last of them. */
final class DeadLetterStats {

  private record Last(String record, String reason, String at) {}

  private final Clock clock;
  private final AtomicLong count = new AtomicLong();
  private volatile @Nullable Last last;

  DeadLetterStats(Clock clock) {
    this.clock = clock;
  }

  void add(String record, String reason) {
    count.incrementAndGet();
    last = new Last(record, reason, clock.instant().toString());
  }

  /** The fields for {@code /health}. */
  Map<String, @Nullable Object> fields() {
    Last now = last;
    Map<String, @Nullable Object> all = new LinkedHashMap<>();
    all.put("count", count.get());
    all.put("last_record", now == null ? null : now.record());
    all.put("last_reason", now == null ? null : now.reason());
    all.put("last_at", now == null ? null : now.at());
    return all;
  }
}
