package io.ratelimiter.auditor.store;

import com.zaxxer.hikari.HikariDataSource;
import io.ratelimiter.runtime.Faults;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
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
  private static final long UPKEEP_MINUTES = 10;

  private final HikariDataSource database;
  private final Schema schema;
  private final Tables tables;
  private final StoreCounts counts;
  private final Clock clock;
  private final AbstractMessageListenerContainer<byte[], byte[]> container;
  private final CountDownLatch topics = new CountDownLatch(1);
  private final CountDownLatch stopping = new CountDownLatch(1);

  private volatile String state = "waiting";
  private volatile @Nullable Instant lastWrite;
  private volatile @Nullable String lastFault;
  private volatile @Nullable Thread upkeep;

  PostgresSink(
      HikariDataSource database,
      Schema schema,
      Tables tables,
      StoreCounts counts,
      Clock clock,
      ListenerFactory listeners) {
    this.database = database;
    this.schema = schema;
    this.tables = tables;
    this.counts = counts;
    this.clock = clock;
    this.container = listeners.listener(this::write);
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
      while (!succeeds(schema::prepare)) {
        if (isStopping(RETRY_MILLIS)) {
          return;
        }
      }
      state = "writing";
      container.start();
      while (!isStopping(TimeUnit.MINUTES.toMillis(UPKEEP_MINUTES))) {
        succeeds(schema::keepUp);
      }
    } catch (InterruptedException e) {
      log.warn("Interrupted; nothing is written any more", e);
    }
  }

  private boolean succeeds(Schema.Work work) {
    try {
      work.run();
      lastFault = null;
      return true;
    } catch (SQLException | RuntimeException e) {
      failed(e);
      return false;
    }
  }

  private void write(List<ConsumerRecord<byte[], byte[]>> batch) {
    try {
      long beganNanos = System.nanoTime();
      int rows = tables.write(Batch.of(batch));
      counts.upserts(rows, System.nanoTime() - beganNanos);
      lastWrite = clock.instant();
      lastFault = null;
      state = "writing";
    } catch (SQLException | RuntimeException e) {
      state = "retrying";
      counts.batchFailed();
      failed(e);
      throw new BatchNotWritten(e);
    }
  }

  /** Says it once for each reason; the state says it as long as it lasts. */
  private void failed(Exception fault) {
    String reason = Faults.inOneLine(fault);
    if (!reason.equals(lastFault)) {
      log.warn("PostgreSQL cannot be written to, trying again: {}", reason);
    }
    lastFault = reason;
  }

  private boolean isStopping(long withinMillis) throws InterruptedException {
    return stopping.await(withinMillis, TimeUnit.MILLISECONDS);
  }

  @Override
  public void stop() {
    stopping.countDown();
    container.stop();
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
    return lastFault;
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
    Map<MetricName, Metric> all = new HashMap<>();
    container.metrics().values().forEach(all::putAll);
    return all;
  }

  /** The same batch must come again. */
  static final class BatchNotWritten extends RuntimeException {
    BatchNotWritten(Exception reason) {
      super(reason);
    }
  }
}
