package io.ratelimiter.localstack.junit;

import io.ratelimiter.localstack.KafkaServer;
import io.ratelimiter.localstack.PostgresServer;
import io.ratelimiter.localstack.RedisBinary;
import io.ratelimiter.localstack.RedisServer;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Resolves parameters of type {@link RedisServer}, {@link PostgresServer} and {@link KafkaServer}
 * to servers that all tests of this JVM share, each started on a free port when first needed.
 * Resolves {@link PrivateServers} to a factory of servers that belong to one test or, in a
 * constructor or a {@code @BeforeAll} method, to one class.
 *
 * <p>A server that does not start fails the test. A static method without parameters, such as
 * Spring's {@code @DynamicPropertySource}, uses an extension registered as a static field: {@code
 * registry.add("REDIS_PORT", () -> stack.redis().port())}.
 */
public final class LocalStackExtension implements BeforeAllCallback, ParameterResolver {

  private static final Namespace NAMESPACE = Namespace.create(LocalStackExtension.class);
  private static final Set<Class<?>> TYPES =
      Set.of(RedisServer.class, PostgresServer.class, KafkaServer.class, PrivateServers.class);

  private volatile @Nullable SharedServers registered;

  @Override
  public void beforeAll(ExtensionContext context) {
    registered = shared(context);
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return TYPES.contains(parameter.getParameter().getType());
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    if (type == PrivateServers.class) {
      return context
          .getStore(NAMESPACE)
          .computeIfAbsent(
              context.getUniqueId(),
              key -> new PrivateServers(shared(context).watcher()),
              PrivateServers.class);
    }
    if (type == RedisServer.class) {
      return shared(context).redis(binary(parameter));
    }
    return type == PostgresServer.class ? shared(context).postgres() : shared(context).kafka();
  }

  private static RedisBinary binary(ParameterContext parameter) {
    return parameter.findAnnotation(RedisFrom.class).map(RedisFrom::value).orElse(RedisBinary.ANY);
  }

  private static SharedServers shared(ExtensionContext context) {
    return context
        .getStore(StoreScope.LAUNCHER_SESSION, NAMESPACE)
        .computeIfAbsent(SharedServers.class, key -> new SharedServers(), SharedServers.class);
  }

  /** The shared Redis. */
  public RedisServer redis() {
    return registered().redis(RedisBinary.ANY);
  }

  /** The shared PostgreSQL. */
  public PostgresServer postgres() {
    return registered().postgres();
  }

  /** The shared Kafka. */
  public KafkaServer kafka() {
    return registered().kafka();
  }

  private SharedServers registered() {
    SharedServers servers = registered;
    if (servers == null) {
      throw new IllegalStateException("servers are available once the test class has begun");
    }
    return servers;
  }
}
