package io.ratelimiter.auditor.store.tables;

/** The upserts. Their parameters are arrays, one for each column. */
final class Statements {

  static final String CLIENTS =
      """
      INSERT INTO audit.rate_limit_metrics AS old (
        window_start, tenant, client_id, limit_key, rule, algorithm, partition, generation, revision,
        allowed_count, blocked_count, error_count, degraded_count, late_count,
        shadow_checked_count, shadow_blocked_count, cost_allowed, cost_blocked,
        latency_sum_us, latency_max_us, first_event_at, last_event_at)
      SELECT to_timestamp(window_start), tenant, client_id, limit_key, rule, algorithm,
        partition, generation, revision,
        allowed, blocked, error, degraded, late, shadow_checked, shadow_blocked,
        cost_allowed, cost_blocked, latency_sum, latency_max,
        audit.at_us(first_event), audit.at_us(last_event)
      FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) AS new (
        window_start, tenant, client_id, limit_key, rule, algorithm, partition, generation, revision,
        allowed, blocked, error, degraded, late, shadow_checked, shadow_blocked,
        cost_allowed, cost_blocked, latency_sum, latency_max, first_event, last_event)
      ON CONFLICT (window_start, tenant, client_id, limit_key, rule, algorithm) DO UPDATE SET
        partition = excluded.partition,
        generation = excluded.generation,
        revision = excluded.revision,
        allowed_count = excluded.allowed_count,
        blocked_count = excluded.blocked_count,
        error_count = excluded.error_count,
        degraded_count = excluded.degraded_count,
        late_count = excluded.late_count,
        shadow_checked_count = excluded.shadow_checked_count,
        shadow_blocked_count = excluded.shadow_blocked_count,
        cost_allowed = excluded.cost_allowed,
        cost_blocked = excluded.cost_blocked,
        latency_sum_us = excluded.latency_sum_us,
        latency_max_us = excluded.latency_max_us,
        first_event_at = excluded.first_event_at,
        last_event_at = excluded.last_event_at
      WHERE (excluded.generation, excluded.revision) > (old.generation, old.revision)
      """;

  static final String TOTALS =
      """
      INSERT INTO audit.rate_limit_totals AS old (
        window_start, tenant, limit_key, rule, algorithm, partition, generation, revision,
        allowed_count, blocked_count, error_count, degraded_count, late_count,
        shadow_checked_count, shadow_blocked_count, cost_allowed, cost_blocked,
        latency_sum_us, latency_max_us, first_event_at, last_event_at,
        latency_buckets, latency_counts)
      SELECT to_timestamp(window_start), tenant, limit_key, rule, algorithm,
        partition, generation, revision,
        allowed, blocked, error, degraded, late, shadow_checked, shadow_blocked,
        cost_allowed, cost_blocked, latency_sum, latency_max,
        audit.at_us(first_event), audit.at_us(last_event),
        latency_buckets::integer[], latency_counts::bigint[]
      FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) AS new (
        window_start, tenant, limit_key, rule, algorithm, partition, generation, revision,
        allowed, blocked, error, degraded, late, shadow_checked, shadow_blocked,
        cost_allowed, cost_blocked, latency_sum, latency_max, first_event, last_event,
        latency_buckets, latency_counts)
      ON CONFLICT (window_start, tenant, limit_key, rule, algorithm, partition) DO UPDATE SET
        generation = excluded.generation,
        revision = excluded.revision,
        allowed_count = excluded.allowed_count,
        blocked_count = excluded.blocked_count,
        error_count = excluded.error_count,
        degraded_count = excluded.degraded_count,
        late_count = excluded.late_count,
        shadow_checked_count = excluded.shadow_checked_count,
        shadow_blocked_count = excluded.shadow_blocked_count,
        cost_allowed = excluded.cost_allowed,
        cost_blocked = excluded.cost_blocked,
        latency_sum_us = excluded.latency_sum_us,
        latency_max_us = excluded.latency_max_us,
        first_event_at = excluded.first_event_at,
        last_event_at = excluded.last_event_at,
        latency_buckets = excluded.latency_buckets,
        latency_counts = excluded.latency_counts
      WHERE (excluded.generation, excluded.revision) > (old.generation, old.revision)
      """;

  static final String SERIES =
      """
      INSERT INTO audit.series AS old (
        instance, epoch, partition, generation, revision, issued, acked, spooled, dropped,
        settled_seq, settled_dropped, received, lost, duplicate, overflowed, closed, unknown_tail,
        last_word_at, missing, missing_after, missing_before, late, late_after, late_before,
        tail_after, tail_before)
      SELECT instance, epoch, partition, generation, revision, issued, acked, spooled, dropped,
        settled_seq, settled_dropped, received, lost, duplicate, overflowed, closed, unknown_tail,
        audit.at_us(last_word * 1000),
        missing::bigint[], audit.at_us(missing_after::bigint[]), audit.at_us(missing_before::bigint[]),
        late::bigint[], audit.at_us(late_after::bigint[]), audit.at_us(late_before::bigint[]),
        audit.at_us(tail_after), audit.at_us(tail_before)
      FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) AS new (
        instance, epoch, partition, generation, revision, issued, acked, spooled, dropped,
        settled_seq, settled_dropped, received, lost, duplicate, overflowed, closed, unknown_tail,
        last_word, missing, missing_after, missing_before, late, late_after, late_before,
        tail_after, tail_before)
      ON CONFLICT (topic, instance, epoch, partition, generation) DO UPDATE SET
        revision = excluded.revision,
        issued = excluded.issued,
        acked = excluded.acked,
        spooled = excluded.spooled,
        dropped = excluded.dropped,
        settled_seq = excluded.settled_seq,
        settled_dropped = excluded.settled_dropped,
        received = excluded.received,
        lost = excluded.lost,
        duplicate = excluded.duplicate,
        overflowed = excluded.overflowed,
        closed = excluded.closed,
        unknown_tail = excluded.unknown_tail,
        last_word_at = excluded.last_word_at,
        missing = excluded.missing,
        missing_after = excluded.missing_after,
        missing_before = excluded.missing_before,
        late = excluded.late,
        late_after = excluded.late_after,
        late_before = excluded.late_before,
        tail_after = excluded.tail_after,
        tail_before = excluded.tail_before
      WHERE excluded.revision > old.revision
      """;

  static final String WATERMARKS =
      """
      INSERT INTO audit.watermarks AS old (
        partition, generation, revision, partitions, append_high_at, closed_before, whole_from)
      SELECT partition, generation, revision, partitions, audit.at_us(append_high * 1000),
        to_timestamp(closed_before), to_timestamp(whole_from)
      FROM unnest(?, ?, ?, ?, ?, ?, ?) AS new (
        partition, generation, revision, partitions, append_high, closed_before, whole_from)
      ON CONFLICT (partition) DO UPDATE SET
        generation = excluded.generation,
        revision = excluded.revision,
        partitions = excluded.partitions,
        append_high_at = excluded.append_high_at,
        closed_before = excluded.closed_before,
        whole_from = excluded.whole_from
      WHERE (excluded.generation, excluded.revision) > (old.generation, old.revision)
      """;

  private Statements() {}
}
