package io.ratelimiter.service.limiter.redis.connection;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.resource.ClientResources;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Connects to a cluster. All keys of a check share a hash tag, so a check goes to one node. A
 * redirect ({@code MOVED}, {@code ASK}) is followed, since the node that sends it has run nothing.
 */
final class ClusterClients implements RedisClients {

  /**
   * Period at which the cluster's nodes are queried, so the max time until a lost one is noticed.
   */
  private static final Duration REFRESH = Duration.ofSeconds(5);

  private final RedisClusterClient client;

  ClusterClients(ClientResources resources, List<RedisURI> seeds, ClientOptions options) {
    client = RedisClusterClient.create(resources, seeds);
    client.setOptions(
        ClusterClientOptions.builder(options)
            .topologyRefreshOptions(
                ClusterTopologyRefreshOptions.builder()
                    .enablePeriodicRefresh(REFRESH)
                    .adaptiveRefreshTriggersTimeout(Duration.ofMillis(500))
                    .build())
            // The seeds may be names that differ from the addresses the nodes announce.
            .validateClusterNodeMembership(false)
            .build());
  }

  @Override
  public CompletionStage<ClientConnection> connect() {
    return client
        .refreshPartitionsAsync()
        .thenCompose(_ -> client.connectAsync(StringCodec.UTF8))
        .thenApply(opened -> new ClientConnection(opened, () -> infoOfPrimaries(opened)));
  }

  private static List<CompletionStage<String>> infoOfPrimaries(
      StatefulRedisClusterConnection<String, String> cluster) {
    List<CompletionStage<String>> all = new ArrayList<>();
    for (RedisClusterNode node : cluster.getPartitions()) {
      if (node.getRole().isUpstream() && !node.hasNoSlots()) {
        all.add(cluster.getConnectionAsync(node.getNodeId()).thenCompose(RedisClients::info));
      }
    }
    return all;
  }

  @Override
  public AbstractRedisClient client() {
    return client;
  }
}
