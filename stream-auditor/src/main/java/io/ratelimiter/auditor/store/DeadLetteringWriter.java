package io.ratelimiter.auditor.store;

import io.ratelimiter.auditor.store.tables.Batch;
import io.ratelimiter.auditor.store.tables.Tables;
import io.ratelimiter.schemas.topics.DeadLetter;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Writes batches, and publishes the records that cannot be written as dead letters. A batch that
 * the database refuses because of its contents is halved until the row is found. Any other failure
 * of the database is thrown, so that the batch is redelivered.
 */
final class DeadLetteringWriter {

  /**
   * Classes of SQLSTATE that depend only on the row: cardinality violation (two rows with one key
   * in a statement), data exception, constraint violation, and program limit exceeded (an index
   * entry above 2704 bytes).
   */
  private static final Set<String> PERMANENT = Set.of("21", "22", "23", "54");

  private final Tables tables;
  private final Publisher publisher;

  /** Publishes dead letters. */
  interface Publisher {

    /** Publishes a record with the reason; blocks until it is acknowledged. */
    void publish(DeadLetter.Origin origin, ConsumerRecord<byte[], byte[]> record, String reason);
  }

  DeadLetteringWriter(Tables tables, Publisher publisher) {
    this.tables = tables;
    this.publisher = publisher;
  }

  private record Refused(ConsumerRecord<byte[], byte[]> record, String reason) {}

  /**
   * Writes a batch; blocks. Dead letters are published after all other records are written, since
   * until then the batch may be redelivered.
   *
   * @return number of rows sent
   * @throws SQLException when the database accepts no row now
   */
  int write(List<ConsumerRecord<byte[], byte[]>> records) throws SQLException {
    List<Refused> refused = new ArrayList<>();
    int rows = write(records, refused);
    for (Refused one : refused) {
      ConsumerRecord<byte[], byte[]> record = one.record();
      publisher.publish(
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
      if (!isPermanent(e)) {
        throw e;
      }
      return readable.size() > 1
          ? writeHalves(readable, refused)
          : retry(batch, readable.getFirst(), refused);
    }
  }

  private int writeHalves(List<ConsumerRecord<byte[], byte[]>> records, List<Refused> refused)
      throws SQLException {
    int half = records.size() / 2;
    return write(records.subList(0, half), refused)
        + write(records.subList(half, records.size()), refused);
  }

  /** Writes the row again: a day partition that was dropped meanwhile has the same SQLSTATE. */
  private int retry(Batch batch, ConsumerRecord<byte[], byte[]> only, List<Refused> refused)
      throws SQLException {
    try {
      return tables.write(batch);
    } catch (SQLException e) {
      if (!isPermanent(e)) {
        throw e;
      }
      refused.add(new Refused(only, "SQLSTATE " + e.getSQLState() + ": " + e.getMessage()));
      return 0;
    }
  }

  private static boolean isPermanent(SQLException fault) {
    String state = fault.getSQLState();
    return state != null && state.length() == 5 && PERMANENT.contains(state.substring(0, 2));
  }
}
