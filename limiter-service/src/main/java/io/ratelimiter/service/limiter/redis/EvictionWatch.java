package io.ratelimiter.service.limiter.redis;

import io.ratelimiter.service.limiter.Eviction;
import io.ratelimiter.service.limiter.Eviction.State;
import io.ratelimiter.service.limiter.EvictionStatus;
import io.ratelimiter.service.limiter.StageFailure;
import io.ratelimiter.service.limiter.redis.connection.MonitoredConnection;
import io.ratelimiter.service.limiter.redis.reply.StoreFailures;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Queries whether the store evicts keys: in a cluster each primary that has slots, with Sentinels
 * the current primary. Never blocks.
 */
final class EvictionWatch implements EvictionStatus {

  private static final Logger log = LoggerFactory.getLogger(EvictionWatch.class);

  private final Supplier<@Nullable MonitoredConnection> connection;
  private final AtomicBoolean querying = new AtomicBoolean();
  private volatile Eviction latest = Eviction.unknown("not queried yet");

  EvictionWatch(Supplier<@Nullable MonitoredConnection> connection) {
    this.connection = connection;
  }

  @Override
  public Eviction eviction() {
    return latest;
  }

  /** Queries the store unless a reply is pending. Without a connection the last result stays. */
  void query() {
    MonitoredConnection current = connection.get();
    if (current == null || !current.open() || !querying.compareAndSet(false, true)) {
      return;
    }
    List<CompletableFuture<Eviction>> nodes = new ArrayList<>();
    try {
      current.info().forEach(info -> nodes.add(read(info.toCompletableFuture())));
    } catch (RuntimeException e) {
      nodes.add(CompletableFuture.completedFuture(unknown(e)));
    }
    var _ =
        CompletableFuture.allOf(nodes.toArray(CompletableFuture[]::new))
            .whenComplete((_, _) -> {
              querying.set(false);
              update(nodes.stream().map(CompletableFuture::join).toList());
            });
  }

  private static CompletableFuture<Eviction> read(CompletableFuture<String> info) {
    return info.handle((text, failure) ->
        failure == null && text != null ? InfoText.eviction(text) : unknown(failure));
  }

  /** An unknown state, for example without the permission for {@code INFO}. */
  private static Eviction unknown(@Nullable Throwable failure) {
    return Eviction.unknown(
        failure == null ? "INFO is empty" : StoreFailures.text(StageFailure.causeOf(failure)));
  }

  private void update(List<Eviction> nodes) {
    Eviction worst = worst(nodes);
    if (worst.state() == State.EVICTING && latest.state() != State.EVICTING) {
      log.warn(
          "Redis evicts keys when it is full (maxmemory-policy {}): limits would be reset without"
              + " an error; set noeviction",
          worst.policy());
    }
    latest = worst;
  }

  /** Evicting if any node evicts, else unknown if any node is unknown. */
  private static Eviction worst(List<Eviction> nodes) {
    long evictedKeys = nodes.stream().mapToLong(Eviction::evictedKeys).sum();
    for (State state : List.of(State.EVICTING, State.UNKNOWN, State.NONE)) {
      Optional<Eviction> node = nodes.stream().filter(n -> n.state() == state).findFirst();
      if (node.isPresent()) {
        return new Eviction(state, node.get().policy(), evictedKeys, node.get().unknown());
      }
    }
    return Eviction.unknown("no primary is known");
  }
}
