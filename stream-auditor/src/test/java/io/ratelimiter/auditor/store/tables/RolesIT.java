package io.ratelimiter.auditor.store.tables;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.auditor.Sql;
import io.ratelimiter.localstack.PostgresServer;
import io.ratelimiter.localstack.junit.LocalStack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

/** The tables with the login that {@code deploy/postgres/roles.sql} creates for the auditor. */
@LocalStack
class RolesIT {

  private static final Path ROLES = Path.of("../deploy/postgres/roles.sql");

  @Test
  void theAuditorsLoginMigratesAndMayNotWriteRules(PostgresServer postgres) throws Exception {
    Sql admin = new Sql(postgres.createDatabase("audit_roles"));
    admin.execute(Files.readString(ROLES));
    admin.execute("SET ROLE limiter; CREATE TABLE limiter.rate_limit_rules (n int)");

    prepareAs("auditor", postgres, "audit_roles");

    mustBelongToTheAuditor(admin);
    for (String forbidden :
        List.of(
            "SELECT * FROM limiter.rate_limit_rules",
            "INSERT INTO limiter.rate_limit_rules VALUES (1)",
            "CREATE TABLE limiter.mine (n int)",
            "CREATE SCHEMA mine")) {
      assertThat(admin.mayAs("auditor", forbidden)).as(forbidden).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void objectsOfASuperuserBecomeTheAuditors(int times, PostgresServer postgres) throws Exception {
    String name = "audit_upgrade_" + times;
    Sql admin = new Sql(postgres.createDatabase(name));
    prepareAs(PostgresServer.RATELIMITER, postgres, name);
    for (int i = 0; i < times; i++) {
      admin.execute(Files.readString(ROLES));
    }

    // Only its owner can drop a day's partition.
    admin.execute(
        "SET ROLE auditor; CREATE TABLE audit.rate_limit_totals_20200101 PARTITION OF"
            + " audit.rate_limit_totals FOR VALUES FROM ('2020-01-01Z') TO ('2020-01-02Z')");
    prepareAs("auditor", postgres, name);

    mustBelongToTheAuditor(admin);
    assertThat(admin.rows("SELECT to_regclass('audit.rate_limit_totals_20200101')"))
        .containsExactly("null");
  }

  private static void prepareAs(String login, PostgresServer postgres, String database)
      throws SQLException, IOException {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(
        "jdbc:postgresql://localhost:%d/%s?user=%s&password=%3$s"
            .formatted(postgres.port(), database, login));
    new Schema(source, new DayPartitions(new Retention(Clock.systemUTC(), 14, 90))).migrate();
  }

  private static void mustBelongToTheAuditor(Sql admin) {
    assertThat(
            admin.rows(
                """
                SELECT DISTINCT pg_get_userbyid(relowner) FROM pg_class
                WHERE relnamespace = 'audit'::regnamespace
                UNION SELECT pg_get_userbyid(proowner) FROM pg_proc
                WHERE pronamespace = 'audit'::regnamespace
                """))
        .containsExactly("auditor");
    for (String table : List.of("rate_limit_totals", "block_rate_by_minute", "freshness")) {
      for (String reader : List.of("analyst", "limiter")) {
        assertThat(admin.mayAs(reader, "SELECT * FROM audit." + table)).as(reader).isTrue();
      }
    }
    for (String reader : List.of("analyst", "limiter")) {
      assertThat(admin.mayAs(reader, "DELETE FROM audit.rate_limit_totals")).as(reader).isFalse();
      assertThat(admin.mayAs(reader, "INSERT INTO audit.heartbeat VALUES (true, now())"))
          .as(reader)
          .isFalse();
    }
  }
}
