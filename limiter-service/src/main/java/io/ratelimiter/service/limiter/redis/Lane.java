package io.ratelimiter.service.limiter.redis;

import io.netty.channel.group.ChannelGroup;

/**
 * What the connections of one event loop share.
 *
 * @param channels those that are open now
 */
record Lane(Deadlines deadlines, ChannelGroup channels) {

  /** Closes the connections, without waiting; they are made anew. */
  void cut() {
    var _ = channels.close();
  }
}
