package io.ratelimiter.auditor;

import io.ratelimiter.auditor.topology.AuditTerms;
import io.ratelimiter.auditor.topology.AuditTerms.Beginning;
import io.ratelimiter.auditor.topology.AuditTerms.Bills;
import io.ratelimiter.auditor.topology.AuditTerms.ClientDetail;
import io.ratelimiter.schemas.topics.DeadLetter;
import io.ratelimiter.schemas.topics.Topics;
import java.time.Duration;
import java.util.Set;

/** Parameters of an audit with defaults for those that a test does not set. */
public final class TestTerms {

  /** Every partition begins with its first record. */
  public static final Beginning WHOLE = new Beginning(0, Set.of());

  /** One partition, read from its first record, with rows of all clients. */
  public static final AuditTerms DEFAULT = of(1, 1, ClientDetail.ALL, WHOLE);

  private TestTerms() {}

  /** An hour of lateness, bills by tenant, and a retention of 7 days. */
  public static AuditTerms of(
      int partitions, int generation, ClientDetail detail, Beginning beginning) {
    return of(partitions, generation, detail, Bills.TENANT, beginning);
  }

  /** One partition, read from its first record. */
  public static AuditTerms of(ClientDetail detail, Bills bills) {
    return of(1, 1, detail, bills, WHOLE);
  }

  /** As {@link #DEFAULT} with another lateness. */
  public static AuditTerms of(Duration lateness) {
    return new AuditTerms(
        DEFAULT.topic(),
        DEFAULT.partitions(),
        DEFAULT.generation(),
        lateness,
        DEFAULT.detail(),
        DEFAULT.bills(),
        DEFAULT.beginning(),
        DEFAULT.seriesKept(),
        DEFAULT.deadLetterBytes());
  }

  private static AuditTerms of(
      int partitions, int generation, ClientDetail detail, Bills bills, Beginning beginning) {
    return new AuditTerms(
        Topics.DECISIONS,
        partitions,
        generation,
        Duration.ofHours(1),
        detail,
        bills,
        beginning,
        Duration.ofDays(7),
        DeadLetter.MAX_BYTES);
  }
}
