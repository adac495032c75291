package io.ratelimiter.auditor.streams;

import io.ratelimiter.auditor.kafka.KafkaClientSettings;
import io.ratelimiter.auditor.topology.AuditCounts;
import io.ratelimiter.auditor.topology.AuditTerms;
import io.ratelimiter.auditor.topology.AuditTopology;
import io.ratelimiter.runtime.RootCause;
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
import org.apache.kafka.streams.Topology;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The audit of one decisions topic, a streams application of its own: waits for Kafka, creates the
 * topics, runs, and restarts after a pause when it failed.
 */
final class TopicAudit {

  private static final Logger log = LoggerFactory.getLogger(TopicAudit.class);
  private static final Duration RETRY_PAUSE = Duration.ofSeconds(1);

  /** Max wait for an answer of Kafka: until then the process cannot stop. */
  private static final int ANSWER_MILLIS = 10_000;

  private static final Duration POLL_INTERVAL = Duration.ofMillis(200);
  private static final Duration RESTART_PAUSE = Duration.ofSeconds(60);
  static final Duration CLOSE_LIMIT = Duration.ofSeconds(30);

  private final String topic;
  private final StreamsProperties settings;
  private final KafkaClientSettings client;
  private final AuditCounts counts;
  private final GenerationGate gate;
  private final Runnable onTopicsExist;
  private final ThreadBudget budget = new ThreadBudget(System::nanoTime);
  private final RestoreProgress restoring = new RestoreProgress();
  private final CountDownLatch stopping = new CountDownLatch(1);

  private volatile @Nullable KafkaStreams streams;
  private volatile boolean hasRun;
  private volatile String waitingFor = "Kafka";
  private volatile @Nullable Class<?> waitingForClass;
  private volatile @Nullable String stoppedBy;

  TopicAudit(
      String topic,
      StreamsProperties settings,
      KafkaClientSettings client,
      AuditCounts counts,
      GenerationGate gate,
      Runnable onTopicsExist) {
    this.topic = topic;
    this.settings = settings;
    this.client = client;
    this.counts = counts;
    this.gate = gate;
    this.onTopicsExist = onTopicsExist;
  }

  /** Audits until {@link #stop}; blocks. */
  void run(RocksMemory memory) {
    try {
      while (!isStopping(Duration.ZERO)) {
        runUntilFailure(memory);
        boolean isReplaced = stoppedBy == null && gate.isReplaced();
        isStopping(isReplaced ? Duration.ZERO : RESTART_PAUSE);
        stoppedBy = null;
      }
    } catch (InterruptedException e) {
      log.warn("Interrupted; the audit ends", e);
    }
  }

  /** What a run needs to know from the broker. */
  private record Attempt(AuditTerms terms, String groupProtocol) {}

  /** Waits until the topics exist; null if the process stops. */
  private @Nullable Attempt awaitTopics() throws InterruptedException {
    while (!isStopping(Duration.ZERO)) {
      // A new client for each attempt: none can be created while no broker's name resolves.
      try (Admin admin = Admin.create(adminSettings())) {
        AuditTerms terms = terms(TopicBootstrap.of(topic, settings, admin));
        return new Attempt(terms, GroupProtocol.supported(settings.groupProtocol(), admin));
      } catch (ExecutionException | KafkaException | TopicBootstrap.TopicUnusable e) {
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
        topic,
        topics.partitions(),
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
    waitingFor = RootCause.messageOf(reason);
    // Not compared by message: its ports and numbers differ with each attempt.
    if (!reason.getClass().equals(waitingForClass)) {
      log.warn("Waiting for Kafka: {}", waitingFor);
    }
    waitingForClass = reason.getClass();
  }

  private void runUntilFailure(RocksMemory memory) throws InterruptedException {
    try {
      Attempt attempt = awaitTopics();
      if (attempt != null && mayRun()) {
        run(attempt, memory);
      }
    } catch (RuntimeException e) {
      // Any exception: if it ended the thread, the audit would never restart.
      stoppedBy = ThreadBudget.described(e);
      log.warn("The audit cannot run now; it restarts in {} s", RESTART_PAUSE.toSeconds(), e);
    }
  }

  private void run(Attempt attempt, RocksMemory memory) throws InterruptedException {
    Topology topology = AuditTopology.build(attempt.terms(), counts);
    StreamsSettings streamsSettings =
        new StreamsSettings(settings, topic, attempt.groupProtocol(), client, memory);
    try (KafkaStreams running = new KafkaStreams(topology, streamsSettings.all())) {
      CountDownLatch failed = new CountDownLatch(1);
      running.setUncaughtExceptionHandler(budget);
      running.setGlobalStateRestoreListener(restoring);
      running.setStateListener((now, before) -> {
        log.info("Audit of {} is {}", topic, now);
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

  /** Makes {@link #run} return within {@link #CLOSE_LIMIT}; does not wait for it. */
  void stop() {
    stopping.countDown();
  }

  String topic() {
    return topic;
  }

  /** As {@link AuditStreams#state}, of this topic. */
  String state() {
    KafkaStreams running = streams;
    if (running == null) {
      return gate.isReplaced() ? "REPLACED" : stoppedBy == null ? "WAITING" : "PAUSED";
    }
    boolean restores =
        running.state() == KafkaStreams.State.REBALANCING && restoring.remainingRecords() > 0;
    return restores ? "RESTORING" : running.state().name();
  }

  /** Whether records are read, or the partitions of a running audit are being reassigned. */
  boolean isAuditing() {
    String state = state();
    return state.equals("RUNNING") || (state.equals("REBALANCING") && hasRun);
  }

  /** Records that are still to be read to restore the local state. */
  long restoringRecords() {
    return restoring.remainingRecords();
  }

  /** The fault that paused the audit; null while it is not paused. */
  @Nullable String stoppedBy() {
    return stoppedBy;
  }

  /** The fault that last ended a stream thread; null when none has died. */
  @Nullable String lastThreadFault() {
    return budget.lastFault();
  }

  /** The reason why Kafka is not available yet. */
  String waitingFor() {
    return waitingFor;
  }

  /** Stream threads that died and were replaced. */
  long replacedThreads() {
    return budget.replaced();
  }

  /** Metrics of Kafka Streams by Kafka's names; empty while it does not run. */
  Map<MetricName, ? extends Metric> metrics() {
    KafkaStreams running = streams;
    return running == null ? Map.of() : running.metrics();
  }
}
