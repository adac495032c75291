package io.ratelimiter.service.limiter.faults;

import io.ratelimiter.localstack.RedisServer;
import io.ratelimiter.localstack.junit.PrivateServers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/** Three primaries of a real cluster, each with a third of the slots. */
final class RedisCluster {

  private static final int SLOTS = 16_384;
  private static final Duration FORMS_WITHIN = Duration.ofSeconds(30);

  private final List<RedisServer> nodes = new ArrayList<>();

  RedisCluster(PrivateServers servers) {
    this(servers, RedisServer.Options.DEFAULT);
  }

  RedisCluster(PrivateServers servers, RedisServer.Options options) {
    for (int i = 0; i < 3; i++) {
      nodes.add(
          servers.redisClusterNode(
              options.with(
                  "--cluster-node-timeout", "1000",
                  // A lost node makes only its own slots unavailable.
                  "--cluster-require-full-coverage", "no")));
    }
    assignSlots();
    for (RedisServer node : nodes) {
      nodes.getFirst().command("CLUSTER", "MEET", "127.0.0.1", Integer.toString(node.port()));
    }
    Awaitility.await("the cluster to form")
        .atMost(FORMS_WITHIN)
        .until(() ->
            nodes.stream()
                .map(node -> node.command("CLUSTER", "INFO"))
                .allMatch(info ->
                    info.contains("cluster_state:ok")
                        && info.contains("cluster_slots_ok:" + SLOTS)
                        && info.contains("cluster_known_nodes:3")));
  }

  private void assignSlots() {
    for (int slot = 0, node = 0; node < nodes.size(); node++) {
      List<String> command = new ArrayList<>(List.of("CLUSTER", "ADDSLOTS"));
      for (int end = SLOTS * (node + 1) / nodes.size(); slot < end; slot++) {
        command.add(Integer.toString(slot));
      }
      nodes.get(node).command(command.toArray(String[]::new));
    }
  }

  String url() {
    return nodes.stream()
        .map(node -> "127.0.0.1:" + node.port())
        .collect(Collectors.joining(",", "redis://", ""));
  }

  RedisServer node(int index) {
    return nodes.get(index);
  }

  int slot(String key) {
    return Integer.parseInt(nodes.getFirst().command("CLUSTER", "KEYSLOT", key).strip());
  }

  RedisServer owner(int slot) {
    return nodes.get(Math.min(nodes.size() - 1, (int) ((slot + 0.5) * nodes.size() / SLOTS)));
  }

  /** Moves a slot with its keys while clients use it. */
  void move(int slot, RedisServer from, RedisServer to) {
    beginToMove(slot, from, to);
    finishMoving(slot, from, to);
  }

  /** From now on the keys of the slot may be on either node. */
  void beginToMove(int slot, RedisServer from, RedisServer to) {
    String number = Integer.toString(slot);
    to.command("CLUSTER", "SETSLOT", number, "IMPORTING", id(from));
    from.command("CLUSTER", "SETSLOT", number, "MIGRATING", id(to));
  }

  /** Moves the keys and assigns the slot to its new node. */
  void finishMoving(int slot, RedisServer from, RedisServer to) {
    String number = Integer.toString(slot);
    String keys;
    while (!(keys = from.command("CLUSTER", "GETKEYSINSLOT", number, "10").strip()).isEmpty()
        && !keys.startsWith("(")) {
      // Many keys in one step, as redis-cli moves them.
      List<String> migrate =
          new ArrayList<>(
              List.of(
                  "MIGRATE", "127.0.0.1", Integer.toString(to.port()), "", "0", "1000", "KEYS"));
      migrate.addAll(List.of(keys.split("\n")));
      from.command(migrate.toArray(String[]::new));
    }
    for (RedisServer node : List.of(to, from)) {
      node.command("CLUSTER", "SETSLOT", number, "NODE", id(to));
    }
  }

  private static String id(RedisServer node) {
    return node.command("CLUSTER", "MYID").strip();
  }
}
