package io.ratelimiter.service.api.eventloop;

import io.netty.channel.Channel;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * What a caller sent before his last answer had left, in order. Nothing more is read from him while
 * there is something here: so much and no more can a caller make us hold who does not read. Used on
 * the connection's loop alone.
 */
final class WaitingMessages {

  private final Channel channel;
  private final Deque<Object> messages = new ArrayDeque<>(2);
  private boolean taking;

  WaitingMessages(Channel channel) {
    this.channel = channel;
  }

  boolean isEmpty() {
    return messages.isEmpty();
  }

  void add(Object message) {
    messages.add(message);
    channel.config().setAutoRead(false);
  }

  /**
   * Hands over one after the other while they can be taken. By turns and not by recursion, however
   * many requests came in one piece: called while it hands over, it does nothing.
   */
  void takeWhile(BooleanSupplier ready, Consumer<Object> taker) {
    if (taking) {
      return;
    }
    taking = true;
    try {
      while (!messages.isEmpty() && ready.getAsBoolean()) {
        taker.accept(messages.remove());
      }
    } finally {
      taking = false;
    }
    if (messages.isEmpty()) {
      channel.config().setAutoRead(true);
    }
  }

  void release() {
    messages.forEach(ReferenceCountUtil::release);
    messages.clear();
  }
}
