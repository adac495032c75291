package io.ratelimiter.auditor.store;

import static io.ratelimiter.auditor.store.tables.TablesFixture.MINUTE;
import static io.ratelimiter.auditor.store.tables.TablesFixture.record;
import static io.ratelimiter.auditor.store.tables.TablesFixture.row;
import static io.ratelimiter.auditor.store.tables.TablesFixture.total;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratelimiter.auditor.Sql;
import io.ratelimiter.auditor.store.tables.TablesFixture;
import io.ratelimiter.localstack.PostgresServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.schemas.topics.Topics;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which records become dead letters, and that all others are written. */
@LocalStack
class DeadLetteringWriterIT {

  private TablesFixture tables;
  private Sql sql;
  private DeadLetteringWriter writer;
  private final List<String> deadLetters = new ArrayList<>();

  @BeforeEach
  void createSchema(PostgresServer postgres) throws SQLException {
    tables = new TablesFixture(postgres);
    sql = tables.sql();
    writer =
        new DeadLetteringWriter(
            tables.tables(), (origin, record, reason) -> deadLetters.add(origin + ": " + reason));
  }

  @Test
  void aRowThatPostgresRefusesPermanentlyBecomesADeadLetterAndAllOthersAreWritten()
      throws SQLException {
    sql.execute(
        """
        CREATE FUNCTION wide(text) RETURNS text LANGUAGE sql IMMUTABLE AS
        $$ SELECT string_agg(md5($1 || i), '') FROM generate_series(1, 300) i $$;
        CREATE INDEX ON audit.rate_limit_metrics (wide(client_id)) WHERE client_id = 'wide';
        ALTER TABLE audit.rate_limit_metrics ADD CHECK (client_id <> 'forbidden');
        """);
    List<ConsumerRecord<byte[], byte[]>> batch = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      batch.add(
          record(i, row(i == 13 ? "wide" : i == 77 ? "forbidden" : "c" + i, MINUTE, 1, 1, 1)));
    }
    batch.add(new ConsumerRecord<>(Topics.COMPLETENESS, 3, 5, null, "{}".getBytes(UTF_8)));
    batch.add(record(100, total(MINUTE, 1, 1, 98, 0)));

    assertThat(writer.write(batch)).isEqualTo(99);

    assertThat(sql.one("SELECT count(*) FROM audit.rate_limit_metrics")).isEqualTo("98");
    assertThat(sql.one("SELECT allowed_count FROM audit.rate_limit_totals")).isEqualTo("98");
    assertThat(deadLetters)
        .satisfiesExactlyInAnyOrder(
            one ->
                assertThat(one)
                    .isEqualTo(
                        "ratelimiter.completeness.v1-3@5: schema_version is missing or not a whole number"),
            one ->
                assertThat(one)
                    .startsWith(
                        "ratelimiter.block-rates.v1-0@13: SQLSTATE 54000: ERROR: index row"),
            one ->
                assertThat(one)
                    .startsWith("ratelimiter.block-rates.v1-0@77: SQLSTATE 23514: ERROR: new row"));
  }

  @Test
  void rowsThatPostgresRefusesTemporarilyDoNotBecomeDeadLetters() {
    sql.execute("DROP TABLE audit.series CASCADE");
    List<ConsumerRecord<byte[], byte[]>> batch =
        List.of(record(0, row("c", MINUTE, 1, 1, 1)), record(Long.MAX_VALUE, "i"));

    assertThatThrownBy(() -> writer.write(batch))
        .isInstanceOfSatisfying(
            SQLException.class, fault -> assertThat(fault.getSQLState()).isEqualTo("42P01"));

    assertThat(deadLetters).isEmpty();
    assertThat(sql.one("SELECT count(*) FROM audit.rate_limit_metrics")).isEqualTo("0");
  }

  @Test
  void aDayPartitionThatWasDroppedByHandIsCreatedAgain() throws SQLException {
    writer.write(List.of(record(0, row("c", MINUTE, 1, 1, 1))));
    sql.execute("DROP TABLE audit.rate_limit_metrics_20260320");

    writer.write(List.of(record(1, row("c", MINUTE, 2, 1, 7))));

    assertThat(tables.allowed("client_id = 'c'")).isEqualTo("7");
    assertThat(deadLetters).isEmpty();
  }
}
