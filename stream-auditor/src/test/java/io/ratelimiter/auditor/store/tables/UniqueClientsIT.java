package io.ratelimiter.auditor.store.tables;

import static io.ratelimiter.auditor.store.tables.AnalystRows.registers;
import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The estimate of unique clients from the registers of several rows. */
class UniqueClientsIT extends NewTables {

  @Test
  void uniqueClientsOfSeveralRowsAreCountedOnceWithinTheStatedError() throws SQLException {
    Random random = new Random(7);
    TreeMap<Integer, Integer> first = new TreeMap<>();
    TreeMap<Integer, Integer> second = new TreeMap<>();
    for (int i = 0; i < 30_000; i++) {
      long hash = random.nextLong();
      int index = (int) (hash >>> 53);
      int rank = 1 + Long.numberOfLeadingZeros(hash << 11 | 1 << 10);
      if (i < 20_000) {
        first.merge(index, rank, Math::max);
      }
      if (i >= 10_000) {
        second.merge(index, rank, Math::max);
      }
    }
    tables.write(registers(0, first), registers(1, second));

    double counted =
        Double.parseDouble(
            sql.one("SELECT audit.unique_clients(registers) FROM audit.served_unique_clients"));
    assertThat(counted).isBetween(30_000 * 0.95, 30_000 * 1.05);
    assertThat(
            sql.one(
                """
                SELECT audit.unique_clients(registers) FROM audit.served_unique_clients
                WHERE partition = 9
                """))
        .isEqualTo("0");
  }
}
