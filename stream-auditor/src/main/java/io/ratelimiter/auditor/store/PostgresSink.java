package io.ratelimiter.auditor.store;

import com.zaxxer.hikari.HikariDataSource;
import io.ratelimiter.auditor.kafka.AcknowledgedProducer;
import io.ratelimiter.auditor.store.tables.Schema;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.kafka.listener.AbstractMessageListenerContainer;
import org.springframework.kafka.listener.BatchMessageListener;

/**
 * Writes the auditor's topics to PostgreSQL, batch by batch. A batch that fails is redelivered
 * until it succeeds. Neither the start nor the streams application waits for the database.
 */
final class PostgresSink implements Sink, SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(PostgresSink.class);
  private static final int VALIDITY_SECONDS = 1;
  private static final long RETRY_PAUSE_MILLIS = 1_000;
  private static final long UPKEEP_INTERVAL_NANOS = TimeUnit.MINUTES.toNanos(10);

  private final HikariDataSource database;
  private final Schema schema;
  private final CountedTopics countedTopics;
  private final DeadLetteringWriter writer;
  private final AcknowledgedProducer producer;
  private final StoreCounts counts;
  private final Clock clock;
  private final SinkConsumer consumer;
  private final CountDownLatch topicsExist = new CountDownLatch(1);
  private final CountDownLatch stopping = new CountDownLatch(1);

  private volatile String state = "waiting";
  private volatile @Nullable Instant lastWrite;
  private final CurrentFault writeFault =
      new CurrentFault(log, "PostgreSQL cannot be written to, retrying");
  private final CurrentFault upkeepFault =
      new CurrentFault(log, "Day partitions cannot be created or dropped, retrying");
  private volatile @Nullable Thread upkeep;

  /**
   * @param containers creates the container that delivers batches to a listener
   */
  PostgresSink(
      HikariDataSource database,
      Schema schema,
      CountedTopics countedTopics,
      DeadLetteringWriter writer,
      AcknowledgedProducer producer,
      StoreCounts counts,
      Clock clock,
      Function<
              BatchMessageListener<byte[], byte[]>,
              AbstractMessageListenerContainer<byte[], byte[]>>
          containers) {
    this.database = database;
    this.schema = schema;
    this.countedTopics = countedTopics;
    this.writer = writer;
    this.producer = producer;
    this.counts = counts;
    this.clock = clock;
    this.consumer = new SinkConsumer(containers.apply(this::write));
  }

  @Override
  public void start() {
    upkeep = Thread.ofPlatform().name("audit-store").start(this::run);
  }

  private void run() {
    try {
      while (topicsExist.getCount() > 0) {
        if (isStopping(50)) {
          return;
        }
      }
      state = "migrating";
      while (!succeeds(this::prepare, writeFault)) {
        if (isStopping(RETRY_PAUSE_MILLIS)) {
          return;
        }
      }
      state = "writing";
      maintain();
    } catch (InterruptedException e) {
      log.warn("Interrupted; nothing is written until a restart", e);
    }
  }

  private void prepare() throws SQLException {
    schema.migrate();
    countedTopics.register();
  }

  private void maintain() throws InterruptedException {
    long upkeepNanos = System.nanoTime();
    do {
      if (!consumer.isRunning()) {
        state = succeeds(consumer::start, writeFault) ? "writing" : "retrying";
      }
      if (System.nanoTime() - upkeepNanos >= UPKEEP_INTERVAL_NANOS) {
        upkeepNanos = System.nanoTime();
        succeeds(schema::maintain, upkeepFault);
      }
      countedTopics.check();
    } while (!isStopping(RETRY_PAUSE_MILLIS));
  }

  /** A step that is repeated until it succeeds. */
  private interface Task {
    void run() throws SQLException;
  }

  private static boolean succeeds(Task task, CurrentFault fault) {
    try {
      task.run();
      fault.clear();
      return true;
    } catch (SQLException | RuntimeException e) {
      fault.set(e);
      return false;
    }
  }

  /** Writes a batch, or throws, after which the same batch is redelivered. */
  private void write(List<ConsumerRecord<byte[], byte[]>> batch) {
    try {
      long beganNanos = System.nanoTime();
      counts.upserts(writer.write(batch), System.nanoTime() - beganNanos);
      lastWrite = clock.instant();
      writeFault.clear();
      state = "writing";
    } catch (SQLException | RuntimeException e) {
      state = "retrying";
      counts.batchFailed();
      writeFault.set(e);
      throw new BatchNotWritten(e);
    }
  }

  private boolean isStopping(long withinMillis) throws InterruptedException {
    return stopping.await(withinMillis, TimeUnit.MILLISECONDS);
  }

  @Override
  public void stop() {
    stopping.countDown();
    consumer.stop();
    producer.close();
    database.close();
    upkeep = null;
  }

  @Override
  public boolean isRunning() {
    return upkeep != null;
  }

  /** Starts before the streams application and stops after it. */
  @Override
  public int getPhase() {
    return -1;
  }

  @Override
  public void topicsExist() {
    topicsExist.countDown();
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
    return writeFault.message();
  }

  @Override
  public @Nullable String upkeepFault() {
    return upkeepFault.message();
  }

  @Override
  public Map<String, Long> uncountedRecords() {
    return countedTopics.uncountedRecords();
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
    return consumer.metrics();
  }

  /** Makes the container redeliver the batch. */
  static final class BatchNotWritten extends RuntimeException {
    BatchNotWritten(Exception reason) {
      super(reason);
    }
  }
}
