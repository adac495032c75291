package io.ratelimiter.auditor.store.tables;

import io.ratelimiter.auditor.Sql;
import io.ratelimiter.localstack.PostgresServer;
import io.ratelimiter.localstack.junit.LocalStack;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeEach;

/** The schema in a new database before each test. */
@LocalStack
abstract class NewTables {

  TablesFixture tables;
  Sql sql;

  @BeforeEach
  final void createSchema(PostgresServer postgres) throws SQLException {
    tables = new TablesFixture(postgres);
    sql = tables.sql();
  }
}
