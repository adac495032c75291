package io.ratelimiter.auditor.store;

import io.ratelimiter.schemas.DeadLetter;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Writes batches past what cannot be written: a batch that the database refuses for what it holds
 * is halved until the row is found, and that is set aside, as is a record that cannot be read. What
 * the database cannot take right now is thrown, so that the batch comes again.
 */
final class Refusals {

  /**
   * Classes of SQLSTATE that depend on the row alone: data exception, constraint violation, two
   * rows of one key in a statement, and a row beyond a limit of the program (an index entry above
   * 2704 bytes).
   */
  private static final Set<String> FOR_GOOD = Set.of("21", "22", "23", "54");

  private final Tables tables;
  private final SetAside setAside;

  /** Where records go that cannot be written. */
  interface SetAside {

    /** Blocks until the record is safe there. */
    void accept(DeadLetter.Origin origin, ConsumerRecord<byte[], byte[]> record, String reason);
  }

  Refusals(Tables tables, SetAside setAside) {
    this.tables = tables;
    this.setAside = setAside;
  }

  private record Refused(ConsumerRecord<byte[], byte[]> record, String reason) {}

  /**
   * Writes a batch. Blocks. Records are set aside once all others are written: until then the batch
   * may come again.
   *
   * @return rows sent
   * @throws SQLException when the database does not take any row now
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

  /** Once more: a day partition that was dropped meanwhile is refused in the same way. */
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
