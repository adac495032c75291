package io.ratelimiter.schemas;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.errors.TopicExistsException;

/** Creates missing topics; an existing one is left as it is. */
public final class TopicCreator {

  private final Admin admin;

  public TopicCreator(Admin admin) {
    this.admin = admin;
  }

  /**
   * Creates those of {@code specs} that are missing and answers what is there now. Blocks for as
   * long as the admin client's own timeouts allow.
   *
   * @return partition count by topic name
   * @throws ExecutionException when the broker cannot be reached or refuses
   */
  public Map<String, Integer> ensure(Collection<TopicSpec> specs)
      throws ExecutionException, InterruptedException {
    List<String> names = specs.stream().map(TopicSpec::name).toList();
    for (var creation :
        admin.createTopics(specs.stream().map(TopicSpec::toNewTopic).toList()).values().values()) {
      awaitCreation(creation::get);
    }
    Map<String, Integer> partitions = new HashMap<>();
    for (TopicDescription topic : admin.describeTopics(names).allTopicNames().get().values()) {
      partitions.put(topic.name(), topic.partitions().size());
    }
    return Map.copyOf(partitions);
  }

  private interface Creation {
    void await() throws ExecutionException, InterruptedException;
  }

  private static void awaitCreation(Creation creation)
      throws ExecutionException, InterruptedException {
    try {
      creation.await();
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw e;
      }
    }
  }
}
