package io.ratelimiter.auditor.streams;

import io.ratelimiter.auditor.kafka.KafkaClientSettings;
import io.ratelimiter.auditor.store.Generation;
import io.ratelimiter.auditor.store.Generation.State;
import io.ratelimiter.runtime.RepeatedTask;
import io.ratelimiter.runtime.RootCause;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Deletes the consumer groups and changelog topics of lower generations once this one serves. A
 * group with members is left until its auditors have stopped.
 */
final class OldRuns implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(OldRuns.class);
  private static final Duration INTERVAL = Duration.ofSeconds(10);
  private static final int ANSWER_MILLIS = 10_000;
  private static final Pattern CHANGELOG =
      Pattern.compile(StreamsProperties.APPLICATION + "(\\d{1,9})-.+-changelog");
  private static final Pattern GROUP =
      Pattern.compile(StreamsProperties.APPLICATION + "(\\d{1,9})(-.+)?");

  private final Map<String, Object> settings;
  private final Generation generation;
  private final RepeatedTask repeated =
      new RepeatedTask("audit-old-runs", INTERVAL, this::deleteOldRuns);
  private boolean done;

  OldRuns(KafkaClientSettings client, Generation generation) {
    this.settings = new HashMap<>(client.all());
    settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, ANSWER_MILLIS);
    settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, ANSWER_MILLIS);
    this.generation = generation;
  }

  @Override
  public void start() {
    repeated.start();
  }

  private void deleteOldRuns() {
    if (done
        || generation.number() == 1
        || generation.standing().serving() != generation.number()
        || generation.state() != State.SERVING) {
      return;
    }
    try (Admin admin = Admin.create(settings)) {
      done = deleteOldRuns(admin);
    } catch (ExecutionException | KafkaException e) {
      log.warn(
          "Groups and topics of lower generations are not deleted yet: {}", RootCause.message(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns whether nothing is left. The group is first: it is refused while it has members. */
  private boolean deleteOldRuns(Admin admin) throws ExecutionException, InterruptedException {
    Set<String> topics = lower(CHANGELOG, admin.listTopics().names().get());
    Set<String> groups =
        lower(GROUP, admin.listGroups().all().get().stream().map(GroupListing::groupId).toList());
    List<String> used = new ArrayList<>();
    for (String group : groups) {
      if (deleteGroup(group, admin)) {
        log.info("Deleted the consumer group {}", group);
      } else {
        used.add(group);
      }
    }
    topics.removeIf(topic -> used.stream().anyMatch(group -> topic.startsWith(group + "-")));
    if (!topics.isEmpty()) {
      admin.deleteTopics(topics).all().get();
      log.info("Deleted the topics {}", topics);
    }
    return used.isEmpty();
  }

  /** The names of lower generations. */
  private Set<String> lower(Pattern pattern, Iterable<String> names) {
    Set<String> lower = new TreeSet<>();
    for (String name : names) {
      Matcher matcher = pattern.matcher(name);
      if (matcher.matches() && Integer.parseInt(matcher.group(1)) < generation.number()) {
        lower.add(name);
      }
    }
    return lower;
  }

  private static boolean deleteGroup(String group, Admin admin)
      throws ExecutionException, InterruptedException {
    try {
      admin.deleteConsumerGroups(List.of(group)).all().get();
      return true;
    } catch (ExecutionException e) {
      return switch (e.getCause()) {
        case GroupNotEmptyException _ -> false;
        case GroupIdNotFoundException _ -> true;
        case null, default -> throw e;
      };
    }
  }

  @Override
  public void stop() {
    repeated.stop();
  }

  @Override
  public boolean isRunning() {
    return repeated.running();
  }
}
