package io.ratelimiter.service.limiter.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisConnectionStateListener;
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
 * Connects to a cluster. All keys of a check share a hash tag, so a check goes to one node; a
 * redirect ({@code MOVED}, {@code ASK}) is followed, since the node that sends one has run nothing.
 */
final class ClusterClients implements RedisClients {

  /** A node that left is missed at the latest after this. */
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
            // Seeds may be names that the nodes do not know themselves by.
            .validateClusterNodeMembership(false)
            .build());
  }

  @Override
  public CompletionStage<Link> connect() {
    return client
        .refreshPartitionsAsync()
        .thenCompose(_ -> client.connectAsync(StringCodec.UTF8))
        .thenApply(made -> {
          Runnable close =
              () -> {
                var _ = made.closeAsync();
              };
          return new Link(made, made::isOpen, close, () -> infoOfPrimaries(made));
        });
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
  public void onConnected(RedisConnectionStateListener listener) {
    client.addListener(listener);
  }

  @Override
  public void close() {
    client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
  }
}
