package io.ratelimiter.service.limiter.redis;

import io.lettuce.core.api.StatefulConnection;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A connection as scripts use it. It knows whether the host at its other end is of any use: one
 * that fell silent, or was demoted, keeps it open. Thread-safe.
 */
final class UsedLink {

  /** A pause of the store makes some commands late; so many in a row are no pause. */
  static final int USELESS_IN_A_ROW = 20;

  private final RedisClients.Link link;
  private final Lane lane;
  private final Consumer<UsedLink> useless;
  private final AtomicInteger inARow = new AtomicInteger();

  /**
   * A link that was not used yet.
   *
   * @param lane state of the link's event loop
   * @param useless told at every {@value #USELESS_IN_A_ROW}th useless answer in a row; must not
   *     block
   */
  UsedLink(RedisClients.Link link, Lane lane, Consumer<UsedLink> useless) {
    this.link = link;
    this.lane = lane;
    this.useless = useless;
  }

  StatefulConnection<String, String> connection() {
    return link.connection();
  }

  /** As {@link RedisClients.Link#info}. */
  List<CompletionStage<String>> info() {
    return link.info().get();
  }

  Deadlines deadlines() {
    return lane.deadlines();
  }

  /** Whether it is connected now. */
  boolean open() {
    return link.open().getAsBoolean();
  }

  /** A command has ended, with an answer or so. */
  void ended(@Nullable Throwable failure) {
    if (failure == null) {
      // Nearly always: reading costs nothing, where writing would.
      if (inARow.get() != 0) {
        inARow.set(0);
      }
    } else if (StoreFailures.kind(failure) == FailureKind.MALFORMED) {
      // Later replies would be taken for answers to other commands.
      lane.cut();
    } else if (StoreFailures.isUseless(failure)
        && inARow.incrementAndGet() % USELESS_IN_A_ROW == 0) {
      useless.accept(this);
    }
  }

  /** Whether nothing useful has come since something useless did. */
  boolean isUseless() {
    return inARow.get() > 0;
  }

  /** Ends it without waiting. */
  void close() {
    link.close().run();
  }
}
