package io.ratelimiter.service.limiter.redis.connection;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.resource.ClientResources;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Connects to one node, or through Sentinels to the current primary. */
final class NodeClients implements RedisClients {

  private final RedisClient client;
  private final RedisURI uri;

  NodeClients(ClientResources resources, RedisURI uri, ClientOptions options) {
    this.uri = uri;
    client = RedisClient.create(resources, uri);
    client.setOptions(options);
  }

  @Override
  public CompletionStage<ClientConnection> connect() {
    return client
        .connectAsync(StringCodec.UTF8, uri)
        .thenApply(
            opened -> new ClientConnection(opened, () -> List.of(RedisClients.info(opened))));
  }

  @Override
  public AbstractRedisClient client() {
    return client;
  }
}
