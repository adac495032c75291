package io.ratelimiter.auditor.store;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.kafka.listener.AbstractMessageListenerContainer;

/**
 * Writes the auditor's topics into PostgreSQL, batch by batch. A batch that fails is tried again
 * until it succeeds; Kafka keeps what waits. Neither the start nor the streams application waits
 * for the database.
 */
final class PostgresSink implements Sink, SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(PostgresSink.class);
  private static final int VALIDITY_SECONDS = 1;
  private static final long RETRY_MILLIS = 1_000;
  private static final long UPKEEP_NANOS = TimeUnit.MINUTES.toNanos(10);

  private final HikariDataSource database;
  private final Schema schema;
  private final Refusals rows;
  private final DeadLetterTopic deadLetters;
  private final StoreCounts counts;
  private final Clock clock;
  private final Listening listening;
  private final CountDownLatch topics = new CountDownLatch(1);
  private final CountDownLatch stopping = new CountDownLatch(1);

  private volatile String state = "waiting";
  private volatile @Nullable Instant lastWrite;
  private final LastFault writing = new LastFault(log, "PostgreSQL cannot be written to, retrying");
  private final LastFault upkeepFault =
      new LastFault(log, "Day partitions cannot be created or dropped, retrying");
  private volatile @Nullable Thread upkeep;

  PostgresSink(
      HikariDataSource database,
      Schema schema,
      Refusals rows,
      DeadLetterTopic deadLetters,
      StoreCounts counts,
      Clock clock,
      ListenerFactory listeners) {
    this.database = database;
    this.schema = schema;
    this.rows = rows;
    this.deadLetters = deadLetters;
    this.counts = counts;
    this.clock = clock;
    this.listening = new Listening(listeners.listener(this::write));
  }

  /** Makes the container that hands batches over. */
  interface ListenerFactory {
    AbstractMessageListenerContainer<byte[], byte[]> listener(BatchWriter writer);
  }

  /** Writes a batch, or throws: then the same batch comes again. */
  interface BatchWriter {
    void write(List<ConsumerRecord<byte[], byte[]>> batch);
  }

  @Override
  public void start() {
    upkeep = Thread.ofPlatform().name("audit-store").start(this::work);
  }

  private void work() {
    try {
      while (topics.getCount() > 0) {
        if (isStopping(50)) {
          return;
        }
      }
      state = "migrating";
      while (!succeeds(schema::prepare, writing)) {
        if (isStopping(RETRY_MILLIS)) {
          return;
        }
      }
      state = "writing";
      keepRunning();
    } catch (InterruptedException e) {
      log.warn("Interrupted; nothing is written any more", e);
    }
  }

  private void keepRunning() throws InterruptedException {
    long upkeepNanos = System.nanoTime();
    do {
      if (!listening.isRunning()) {
        state = succeeds(listening::start, writing) ? "writing" : "retrying";
      }
      if (System.nanoTime() - upkeepNanos >= UPKEEP_NANOS) {
        upkeepNanos = System.nanoTime();
        succeeds(schema::keepUp, upkeepFault);
      }
    } while (!isStopping(RETRY_MILLIS));
  }

  private static boolean succeeds(Schema.Work work, LastFault faults) {
    try {
      work.run();
      faults.isOver();
      return true;
    } catch (SQLException | RuntimeException e) {
      faults.happened(e);
      return false;
    }
  }

  private void write(List<ConsumerRecord<byte[], byte[]>> batch) {
    try {
      long beganNanos = System.nanoTime();
      counts.upserts(rows.write(batch), System.nanoTime() - beganNanos);
      lastWrite = clock.instant();
      writing.isOver();
      state = "writing";
    } catch (SQLException | RuntimeException e) {
      state = "retrying";
      counts.batchFailed();
      writing.happened(e);
      throw new BatchNotWritten(e);
    }
  }

  private boolean isStopping(long withinMillis) throws InterruptedException {
    return stopping.await(withinMillis, TimeUnit.MILLISECONDS);
  }

  @Override
  public void stop() {
    stopping.countDown();
    listening.stop();
    deadLetters.close();
    database.close();
    upkeep = null;
  }

  @Override
  public boolean isRunning() {
    return upkeep != null;
  }

  /** Before the streams application at the start, after it at the end. */
  @Override
  public int getPhase() {
    return -1;
  }

  @Override
  public void topicsAreThere() {
    topics.countDown();
  }

  @Override
  public String state() {
    return state;
  }

  @Override
  public @Nullable String lastWriteAt() {
    Instant last = lastWrite;
    return last == null ? null : last.toString();
  }

  @Override
  public @Nullable String lastFault() {
    return writing.message();
  }

  @Override
  public @Nullable String upkeepFault() {
    return upkeepFault.message();
  }

  @Override
  public boolean databaseAnswers() {
    try (Connection connection = database.getConnection()) {
      return connection.isValid(VALIDITY_SECONDS);
    } catch (SQLException _) {
      return false;
    }
  }

  @Override
  public Map<MetricName, ? extends Metric> metrics() {
    return listening.metrics();
  }

  /** The same batch must come again. */
  static final class BatchNotWritten extends RuntimeException {
    BatchNotWritten(Exception reason) {
      super(reason);
    }
  }
}
