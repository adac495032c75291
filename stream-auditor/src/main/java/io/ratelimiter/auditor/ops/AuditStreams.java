package io.ratelimiter.auditor.ops;

import io.ratelimiter.auditor.topology.AuditCounts;
import io.ratelimiter.auditor.topology.AuditTerms;
import io.ratelimiter.auditor.topology.AuditTopology;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * The streams application's life: waits for Kafka, creates the topics, runs, and starts anew after
 * a pause when it had to stop. Starting never blocks the process.
 */
final class AuditStreams implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(AuditStreams.class);
  private static final Duration RETRY = Duration.ofSeconds(1);

  /** Who waits for Kafka longer cannot stop meanwhile. */
  private static final int ANSWER_MILLIS = 10_000;

  private static final Duration PAUSE = Duration.ofSeconds(60);
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(30);

  private final StreamsProperties settings;
  private final KafkaClientSettings client;
  private final AuditCounts counts;
  private final Runnable whenTopicsAreThere;
  private final ThreadBudget budget = new ThreadBudget(System::nanoTime);
  private final Restoring restoring = new Restoring();
  private final CountDownLatch stopping = new CountDownLatch(1);

  private volatile @Nullable KafkaStreams streams;
  private volatile @Nullable Thread supervisor;
  private volatile boolean hasRun;
  private volatile String waitingFor = "Kafka";
  private volatile @Nullable Class<?> waitingForKind;
  private volatile @Nullable String stoppedBy;

  AuditStreams(
      StreamsProperties settings,
      KafkaClientSettings client,
      AuditCounts counts,
      Runnable whenTopicsAreThere) {
    this.settings = settings;
    this.client = client;
    this.counts = counts;
    this.whenTopicsAreThere = whenTopicsAreThere;
  }

  @Override
  public void start() {
    supervisor = Thread.ofPlatform().name("audit-supervisor").start(this::supervise);
  }

  private void supervise() {
    try (RocksMemory memory = new RocksMemory()) {
      while (!isStopping(Duration.ZERO)) {
        AuditTerms terms = awaitTopics();
        if (terms != null) {
          runUntilItFails(terms, memory);
          isStopping(PAUSE);
          stoppedBy = null;
        }
      }
    } catch (InterruptedException e) {
      log.warn("Interrupted; the audit ends", e);
    }
  }

  /** What to go by, as the topics are; null when the process stops before it is known. */
  private @Nullable AuditTerms awaitTopics() throws InterruptedException {
    while (!isStopping(Duration.ZERO)) {
      // Made anew each time: it cannot be made at all while no server's name resolves.
      try (Admin admin = Admin.create(adminSettings())) {
        return terms(new TopicsFirst(admin, settings.partitions()));
      } catch (ExecutionException | KafkaException | TopicsFirst.PartitionsDiffer e) {
        waitFor(e);
      }
      isStopping(RETRY);
    }
    return null;
  }

  private Map<String, Object> adminSettings() {
    Map<String, Object> settings = new HashMap<>(client.all());
    settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, ANSWER_MILLIS);
    settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, ANSWER_MILLIS);
    return settings;
  }

  private AuditTerms terms(TopicsFirst topics) throws ExecutionException, InterruptedException {
    topics.ensure();
    return new AuditTerms(
        settings.partitions(),
        settings.generation(),
        Duration.ofHours(settings.maxLatenessHours()),
        settings.clientDetail(),
        topics.beginning(),
        topics.retention(),
        topics.deadLetterBytes());
  }

  private void waitFor(Exception fault) {
    // Kafka's own exception, bare, only says that a client could not be made.
    boolean says =
        !(fault instanceof ExecutionException) && fault.getClass() != KafkaException.class;
    Throwable reason = says || fault.getCause() == null ? fault : fault.getCause();
    waitingFor = String.valueOf(reason.getMessage());
    // Compared by kind: the message has ports and numbers that differ each time.
    if (!reason.getClass().equals(waitingForKind)) {
      log.warn("Waiting for Kafka: {}", waitingFor);
    }
    waitingForKind = reason.getClass();
  }

  private void runUntilItFails(AuditTerms terms, RocksMemory memory) throws InterruptedException {
    try {
      whenTopicsAreThere.run();
      run(terms, memory);
    } catch (RuntimeException e) {
      // Every exception is caught: if the supervisor ended, the audit would never resume.
      stoppedBy = ThreadBudget.described(e);
      log.warn("The audit cannot run now; it begins anew in {} s", PAUSE.toSeconds(), e);
    }
  }

  private void run(AuditTerms terms, RocksMemory memory) throws InterruptedException {
    try (KafkaStreams running =
        new KafkaStreams(
            AuditTopology.build(terms, counts), StreamsSettings.of(settings, client, memory))) {
      CountDownLatch failed = new CountDownLatch(1);
      running.setUncaughtExceptionHandler(budget);
      running.setGlobalStateRestoreListener(restoring);
      running.setStateListener((now, before) -> {
        log.info("Audit is {}", now);
        hasRun |= now == KafkaStreams.State.RUNNING;
        if (now == KafkaStreams.State.ERROR) {
          stoppedBy = budget.lastFault();
          failed.countDown();
        }
      });
      running.start();
      streams = running;
      while (!isStopping(Duration.ofMillis(200)) && failed.getCount() > 0) {}
      running.close(
          CloseOptions.timeout(CLOSE_LIMIT)
              .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
    } finally {
      streams = null;
      hasRun = false;
    }
  }

  /** Waits for a while, or until the process stops; whether it does. */
  private boolean isStopping(Duration within) throws InterruptedException {
    return stopping.await(within.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void stop() {
    stopping.countDown();
    Thread running = supervisor;
    supervisor = null;
    if (running != null) {
      joinUninterruptibly(running);
    }
  }

  private static void joinUninterruptibly(Thread thread) {
    try {
      thread.join(CLOSE_LIMIT.plus(CLOSE_LIMIT));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean isRunning() {
    return supervisor != null;
  }

  /** After the sink at the start, before it at the end: what is told last can still be written. */
  @Override
  public int getPhase() {
    return 0;
  }

  /**
   * Kafka Streams' own state; {@code RESTORING} while local state is rebuilt, {@code PAUSED}
   * between two attempts, {@code WAITING} for Kafka and its topics.
   */
  String state() {
    KafkaStreams running = streams;
    if (running == null) {
      return stoppedBy == null ? "WAITING" : "PAUSED";
    }
    boolean restores = running.state() == KafkaStreams.State.REBALANCING && restoring.records() > 0;
    return restores ? "RESTORING" : running.state().name();
  }

  /** Whether records are read, or the partitions of a running audit are being reassigned. */
  boolean isAuditing() {
    String state = state();
    return state.equals("RUNNING") || (state.equals("REBALANCING") && hasRun);
  }

  /** Records of the local state that are still to be restored. */
  long restoringRecords() {
    return restoring.records();
  }

  /** The fault that paused the audit; null while it is not paused. */
  @Nullable String stoppedBy() {
    return stoppedBy;
  }

  /** The fault that last ended a stream thread; null when none has died. */
  @Nullable String lastThreadFault() {
    return budget.lastFault();
  }

  /** What keeps it from running, as far as known. */
  String waitingFor() {
    return waitingFor;
  }

  long replacedThreads() {
    return budget.replaced();
  }

  @Nullable KafkaStreams running() {
    return streams;
  }
}
