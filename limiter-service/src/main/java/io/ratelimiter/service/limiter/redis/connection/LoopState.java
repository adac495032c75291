package io.ratelimiter.service.limiter.redis.connection;

import io.netty.channel.group.ChannelGroup;
import io.netty.util.concurrent.EventExecutor;

/**
 * State that the connections of one event loop share.
 *
 * @param channels the channels that are open now
 */
record LoopState(EventExecutor loop, Deadlines deadlines, ChannelGroup channels) {

  /** Closes the channels without waiting; Lettuce opens new ones. */
  void closeChannels() {
    var _ = channels.close();
  }
}
