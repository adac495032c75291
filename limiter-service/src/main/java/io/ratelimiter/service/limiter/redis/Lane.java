package io.ratelimiter.service.limiter.redis;

import io.netty.channel.group.ChannelGroup;

/**
 * State that the connections of one event loop share.
 *
 * @param channels the channels that are open now
 */
record Lane(Deadlines deadlines, ChannelGroup channels) {

  /** Closes the connections without waiting; Lettuce opens new ones. */
  void cut() {
    var _ = channels.close();
  }
}
