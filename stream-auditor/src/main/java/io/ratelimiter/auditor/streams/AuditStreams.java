package io.ratelimiter.auditor.streams;

import io.ratelimiter.auditor.kafka.KafkaClientSettings;
import io.ratelimiter.auditor.store.Generation;
import io.ratelimiter.auditor.topology.AuditCounts;
import io.ratelimiter.auditor.topology.AuditTerms;
import io.ratelimiter.auditor.topology.AuditTopology;
import io.ratelimiter.schemas.topics.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * The lifecycle of the streams application: waits for Kafka, creates the topics, runs, and restarts
 * after a pause when it failed. {@link #start} does not block.
 */
public final class AuditStreams implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(AuditStreams.class);
  private static final Duration RETRY_PAUSE = Duration.ofSeconds(1);

  /** Max wait for an answer of Kafka: until then the process cannot stop. */
  private static final int ANSWER_MILLIS = 10_000;

  private static final Duration POLL_INTERVAL = Duration.ofMillis(200);
  private static final Duration RESTART_PAUSE = Duration.ofSeconds(60);
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(30);

  private final StreamsProperties settings;
  private final KafkaClientSettings client;
  private final AuditCounts counts;
  private final GenerationGate gate;
  private final Runnable onTopicsExist;
  private final ThreadBudget budget = new ThreadBudget(System::nanoTime);
  private final RestoreProgress restoring = new RestoreProgress();
  private final CountDownLatch stopping = new CountDownLatch(1);

  private volatile @Nullable KafkaStreams streams;
  private volatile @Nullable Thread supervisor;
  private volatile boolean hasRun;
  private volatile String waitingFor = "Kafka";
  private volatile @Nullable Class<?> waitingForClass;
  private volatile @Nullable String stoppedBy;

  AuditStreams(
      StreamsProperties settings,
      KafkaClientSettings client,
      AuditCounts counts,
      Generation generation,
      Runnable onTopicsExist) {
    this.settings = settings;
    this.client = client;
    this.counts = counts;
    this.gate = new GenerationGate(generation);
    this.onTopicsExist = onTopicsExist;
  }

  @Override
  public void start() {
    supervisor = Thread.ofPlatform().name("audit-supervisor").start(this::supervise);
  }

  private void supervise() {
    try (RocksMemory memory = new RocksMemory()) {
      while (!isStopping(Duration.ZERO)) {
        AuditTerms terms = awaitTopics();
        if (terms != null && mayRun()) {
          runUntilFailure(terms, memory);
          isStopping(gate.isReplaced() ? Duration.ZERO : RESTART_PAUSE);
          stoppedBy = null;
        }
      }
    } catch (InterruptedException e) {
      log.warn("Interrupted; the audit ends", e);
    }
  }

  /** Waits until the topics exist and returns the audit's parameters; null if the process stops. */
  private @Nullable AuditTerms awaitTopics() throws InterruptedException {
    while (!isStopping(Duration.ZERO)) {
      // A new client for each attempt: none can be created while no broker's name resolves.
      try (Admin admin = Admin.create(adminSettings())) {
        return terms(new TopicBootstrap(admin, settings.partitions()));
      } catch (ExecutionException | KafkaException | TopicBootstrap.PartitionsDiffer e) {
        reportWaiting(e);
      }
      isStopping(RETRY_PAUSE);
    }
    return null;
  }

  private Map<String, Object> adminSettings() {
    Map<String, Object> settings = new HashMap<>(client.all());
    settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, ANSWER_MILLIS);
    settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, ANSWER_MILLIS);
    return settings;
  }

  private AuditTerms terms(TopicBootstrap topics) throws ExecutionException, InterruptedException {
    topics.createMissing();
    return new AuditTerms(
        Topics.DECISIONS,
        settings.partitions(),
        settings.generation(),
        Duration.ofHours(settings.maxLatenessHours()),
        settings.clientDetail(),
        settings.bills(),
        topics.beginning(),
        topics.retention(),
        topics.deadLetterBytes());
  }

  /** Waits while a higher generation serves; returns false when the process stops. */
  private boolean mayRun() throws InterruptedException {
    onTopicsExist.run();
    long beginNanos = System.nanoTime();
    while (gate.isShut(System.nanoTime() - beginNanos)) {
      if (isStopping(POLL_INTERVAL)) {
        return false;
      }
    }
    return true;
  }

  private void reportWaiting(Exception fault) {
    // A plain KafkaException only states that a client could not be created.
    boolean hasReason =
        !(fault instanceof ExecutionException) && fault.getClass() != KafkaException.class;
    Throwable reason = hasReason || fault.getCause() == null ? fault : fault.getCause();
    waitingFor = String.valueOf(reason.getMessage());
    // Not compared by message: its ports and numbers differ with each attempt.
    if (!reason.getClass().equals(waitingForClass)) {
      log.warn("Waiting for Kafka: {}", waitingFor);
    }
    waitingForClass = reason.getClass();
  }

  private void runUntilFailure(AuditTerms terms, RocksMemory memory) throws InterruptedException {
    try {
      run(terms, memory);
    } catch (RuntimeException e) {
      // Any exception: if it ended the supervisor, the audit would never restart.
      stoppedBy = ThreadBudget.described(e);
      log.warn("The audit cannot run now; it restarts in {} s", RESTART_PAUSE.toSeconds(), e);
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
      while (!isStopping(POLL_INTERVAL) && failed.getCount() > 0 && !gate.isReplaced()) {
        gate.pauseWhileYielding(running);
      }
      running.close(
          CloseOptions.timeout(CLOSE_LIMIT)
              .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
    } finally {
      streams = null;
      hasRun = false;
    }
  }

  /** Waits for this time or until the process stops; returns whether it stops. */
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

  /** Starts after the sink and stops before it, so that the last rows can still be written. */
  @Override
  public int getPhase() {
    return 0;
  }

  /**
   * The state of Kafka Streams, or {@code RESTORING} while local state is restored, {@code PAUSED}
   * before a restart, {@code WAITING} while Kafka or its topics are not available, {@code REPLACED}
   * while a higher generation serves.
   */
  public String state() {
    KafkaStreams running = streams;
    if (running == null) {
      return gate.isReplaced() ? "REPLACED" : stoppedBy == null ? "WAITING" : "PAUSED";
    }
    boolean restores =
        running.state() == KafkaStreams.State.REBALANCING && restoring.remainingRecords() > 0;
    return restores ? "RESTORING" : running.state().name();
  }

  /** Whether records are read, or the partitions of a running audit are being reassigned. */
  public boolean isAuditing() {
    String state = state();
    return state.equals("RUNNING") || (state.equals("REBALANCING") && hasRun);
  }

  /** Records that are still to be read to restore the local state. */
  public long restoringRecords() {
    return restoring.remainingRecords();
  }

  /** The fault that paused the audit; null while it is not paused. */
  public @Nullable String stoppedBy() {
    return stoppedBy;
  }

  /** The fault that last ended a stream thread; null when none has died. */
  public @Nullable String lastThreadFault() {
    return budget.lastFault();
  }

  /** The reason why Kafka is not available yet. */
  public String waitingFor() {
    return waitingFor;
  }

  /** Stream threads that died and were replaced. */
  public long replacedThreads() {
    return budget.replaced();
  }

  /** Metrics of Kafka Streams by Kafka's names; empty while it does not run. */
  public Map<MetricName, ? extends Metric> metrics() {
    KafkaStreams running = streams;
    return running == null ? Map.of() : running.metrics();
  }
}
