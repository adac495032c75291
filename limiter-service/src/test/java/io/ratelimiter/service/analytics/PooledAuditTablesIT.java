package io.ratelimiter.service.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.localstack.PostgresServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.localstack.junit.PgBouncer;
import io.ratelimiter.runtime.DatabaseUrl;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page's queries behind a pooler that may give each transaction another session. */
@LocalStack
@Tag("full")
class PooledAuditTablesIT {

  private static final Span HOUR = new Span(Instant.EPOCH, Instant.EPOCH.plus(Duration.ofHours(1)));

  @Test
  void queriesAreAnsweredWhateverSessionATransactionGets(
      PostgresServer postgres, @TempDir Path folder) throws Exception {
    try (AuditSchema _ = new AuditSchema(postgres, "pooled_analytics");
        PgBouncer pooler = PgBouncer.before(postgres, folder);
        AnalyticsDatabase database =
            AnalyticsDatabase.at(DatabaseUrl.parse(pooler.databaseUrl("pooled_analytics")))) {
      AuditTables tables = new AuditTables(database.pool());
      for (int i = 0; i < 20; i++) {
        assertThat(tables.blockRates(HOUR, Step.HOUR, null)).isEmpty();
        assertThat(tables.rules(HOUR)).isEmpty();
        assertThat(tables.completeness()).isEmpty();
      }
    }
  }
}
