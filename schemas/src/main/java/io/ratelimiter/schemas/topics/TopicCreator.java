package io.ratelimiter.schemas.topics;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Creates missing topics; an existing one is left as it is. */
public final class TopicCreator {

  private final Admin admin;

  public TopicCreator(Admin admin) {
    this.admin = admin;
  }

  /**
   * Creates the missing ones of {@code specs}. Blocks for as long as the admin client's timeouts
   * allow.
   *
   * @return partition count of all {@code specs}, by topic name
   * @throws ExecutionException when the broker cannot be reached or refuses
   */
  public Map<String, Integer> ensure(Collection<TopicSpec> specs)
      throws ExecutionException, InterruptedException {
    Map<String, Integer> partitions = new HashMap<>();
    for (TopicSpec spec : specs) {
      partitions.put(spec.name(), ensure(spec));
    }
    return Map.copyOf(partitions);
  }

  /** Describes the topic first: creation may not be permitted, and is refused even if it exists. */
  private int ensure(TopicSpec spec) throws ExecutionException, InterruptedException {
    OptionalInt existing = partitions(spec.name());
    return existing.isPresent() ? existing.getAsInt() : create(spec);
  }

  /** The partition count of a topic; empty if it does not exist. Blocks like {@link #ensure}. */
  public OptionalInt partitions(String topic) throws ExecutionException, InterruptedException {
    try {
      return OptionalInt.of(partitionsOf(topic));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return OptionalInt.empty();
      }
      throw e;
    }
  }

  private int create(TopicSpec spec) throws ExecutionException, InterruptedException {
    try {
      admin.createTopics(List.of(spec.toNewTopic())).all().get();
      return spec.partitions();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof TopicExistsException) {
        return partitionsOf(spec.name());
      }
      throw e;
    }
  }

  private int partitionsOf(String topic) throws ExecutionException, InterruptedException {
    Map<String, TopicDescription> found =
        admin.describeTopics(List.of(topic)).allTopicNames().get();
    return Objects.requireNonNull(found.get(topic)).partitions().size();
  }
}
