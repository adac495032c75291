package io.ratelimiter.auditor.store;

import io.ratelimiter.schemas.DeadLetter;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Writes batches and sets aside the rows that cannot be written: a batch that the database refuses
 * because of its contents is halved until the row is found. Records that cannot be read are set
 * aside too. Any other failure of the database is thrown, so that the batch is redelivered.
 */
final class Refusals {

  /**
   * Classes of SQLSTATE that depend only on the row: cardinality violation (two rows with one key
   * in a statement), data exception, constraint violation, and program limit exceeded (an index
   * entry above 2704 bytes).
   */
  private static final Set<String> FOR_GOOD = Set.of("21", "22", "23", "54");

  private final Tables tables;
  private final SetAside setAside;

  /** Receives the records that cannot be written. */
  interface SetAside {

    /** Sets a record aside; blocks until it is acknowledged. */
    void accept(DeadLetter.Origin origin, ConsumerRecord<byte[], byte[]> record, String reason);
  }

  Refusals(Tables tables, SetAside setAside) {
    this.tables = tables;
    this.setAside = setAside;
  }

  private record Refused(ConsumerRecord<byte[], byte[]> record, String reason) {}

  /**
   * Writes a batch; blocks. Records are set aside only after all others are written, since until
   * then the batch may be redelivered.
   *
   * @return number of rows sent
   * @throws SQLException when the database accepts no row now
   */
  int write(List<ConsumerRecord<byte[], byte[]>> records) throws SQLException {
    List<Refused> refused = new ArrayList<>();
    int rows = write(records, refused);
    for (Refused one : refused) {
      ConsumerRecord<byte[], byte[]> record = one.record();
      setAside.accept(
          new DeadLetter.Origin(record.topic(), record.partition(), record.offset()),
          record,
          one.reason());
    }
    return rows;
  }

  private int write(List<ConsumerRecord<byte[], byte[]>> records, List<Refused> refused)
      throws SQLException {
    List<ConsumerRecord<byte[], byte[]>> readable = new ArrayList<>(records.size());
    Batch batch =
        Batch.of(
            records, readable::add, (record, reason) -> refused.add(new Refused(record, reason)));
    try {
      return tables.write(batch);
    } catch (SQLException e) {
      if (!isForGood(e)) {
        throw e;
      }
      return readable.size() > 1
          ? writeHalves(readable, refused)
          : writeAgain(batch, readable.getFirst(), refused);
    }
  }

  private int writeHalves(List<ConsumerRecord<byte[], byte[]>> records, List<Refused> refused)
      throws SQLException {
    int half = records.size() / 2;
    return write(records.subList(0, half), refused)
        + write(records.subList(half, records.size()), refused);
  }

  /**
   * Tries the row once more: a day partition that was dropped meanwhile gives the same SQLSTATE.
   */
  private int writeAgain(Batch batch, ConsumerRecord<byte[], byte[]> only, List<Refused> refused)
      throws SQLException {
    try {
      return tables.write(batch);
    } catch (SQLException e) {
      if (!isForGood(e)) {
        throw e;
      }
      refused.add(new Refused(only, "SQLSTATE " + e.getSQLState() + ": " + e.getMessage()));
      return 0;
    }
  }

  private static boolean isForGood(SQLException fault) {
    String state = fault.getSQLState();
    return state != null && state.length() == 5 && FOR_GOOD.contains(state.substring(0, 2));
  }
}
