package io.ratelimiter.auditor;

import io.ratelimiter.auditor.topology.AuditTerms;
import io.ratelimiter.auditor.topology.AuditTerms.Beginning;
import io.ratelimiter.auditor.topology.AuditTerms.ClientDetail;
import io.ratelimiter.schemas.topics.DeadLetter;
import java.time.Duration;
import java.util.Set;

/** Parameters of an audit with defaults for those that a test does not set. */
public final class TestTerms {

  /** Every partition begins with its first record. */
  public static final Beginning WHOLE = new Beginning(0, Set.of());

  /** One partition, read from its first record, with rows of all clients. */
  public static final AuditTerms DEFAULT = of(1, 1, ClientDetail.ALL, WHOLE);

  private TestTerms() {}

  /** An hour of lateness and a retention of 7 days. */
  public static AuditTerms of(
      int partitions, int generation, ClientDetail detail, Beginning beginning) {
    return new AuditTerms(
        partitions,
        generation,
        Duration.ofHours(1),
        detail,
        beginning,
        Duration.ofDays(7),
        DeadLetter.MAX_BYTES);
  }
}
