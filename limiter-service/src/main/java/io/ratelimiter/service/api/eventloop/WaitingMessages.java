package io.ratelimiter.service.api.eventloop;

import io.netty.channel.Channel;
import io.netty.util.ReferenceCountUtil;
import io.ratelimiter.service.api.eventloop.request.StrictRequestDecoder;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Messages that arrived while an answer was being made, in order. While there are any, the
 * connection is not read, which bounds the memory for a caller that sends without reading. Used on
 * the connection's loop alone.
 */
final class WaitingMessages {

  /** Max number of messages behind a held answer: two requests of which each has a body. */
  static final int MAX_BEHIND_HELD = 4;

  private final Channel channel;
  private final Deque<Object> messages = new ArrayDeque<>(2);
  private boolean taking;

  WaitingMessages(Channel channel) {
    this.channel = channel;
  }

  boolean isEmpty() {
    return messages.isEmpty();
  }

  /** Whether something has arrived: a message, or bytes of one that is not complete. */
  boolean anyArrived() {
    StrictRequestDecoder decoder = channel.pipeline().get(StrictRequestDecoder.class);
    return !isEmpty() || (decoder != null && decoder.undecoded());
  }

  /** Whether there are too many to keep them for a whole hold. */
  boolean full() {
    return messages.size() > MAX_BEHIND_HELD;
  }

  void add(Object message) {
    messages.add(message);
    channel.config().setAutoRead(false);
  }

  /**
   * Passes the messages to the taker while it is ready. A nested call does nothing, so that any
   * number of requests in one piece causes no recursion.
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
