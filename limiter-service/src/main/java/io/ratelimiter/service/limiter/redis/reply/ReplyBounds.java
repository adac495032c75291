package io.ratelimiter.service.limiter.redis.reply;

import io.lettuce.core.protocol.RedisCommand;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.util.Collection;
import java.util.function.Consumer;

/**
 * Forwards only well-formed replies of bounded size, and at most one per command. It closes the
 * connection at the first byte that violates this, since no later reply could be matched with its
 * command.
 */
public final class ReplyBounds extends ChannelDuplexHandler {

  private final Consumer<String> refused;
  private final ReplyGrammar grammar = new ReplyGrammar();

  /** Number of commands whose reply has not arrived yet. */
  private int awaited;

  /** The handler of one connection; {@code refused} receives the reason of its closing. */
  public ReplyBounds(Consumer<String> refused) {
    this.refused = refused;
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    if (message instanceof RedisCommand) {
      awaited++;
    } else if (message instanceof Collection<?> commands) {
      awaited += commands.size();
    }
    var _ = context.write(message, promise);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (!(message instanceof ByteBuf bytes)) {
      context.fireChannelRead(message);
    } else if (grammar.fault() != null) {
      bytes.release();
    } else {
      read(context, bytes);
    }
  }

  private void read(ChannelHandlerContext context, ByteBuf bytes) {
    int good = bytes.readerIndex();
    int next = good;
    String fault = null;
    while (next < bytes.writerIndex() && fault == null) {
      next = grammar.read(bytes, next);
      fault = grammar.fault();
      if (fault == null && grammar.atBoundary() && --awaited < 0) {
        fault = "a reply without a command";
      }
      good = fault == null ? next : good;
    }
    if (fault == null) {
      context.fireChannelRead(bytes);
    } else {
      refuse(context, bytes.writerIndex(good), fault);
    }
  }

  /** Forwards the bytes before the fault; the next command fails with the fault. */
  private void refuse(ChannelHandlerContext context, ByteBuf good, String fault) {
    grammar.refuse(fault);
    boolean wasAwaited = awaited > 0;
    if (good.isReadable()) {
      context.fireChannelRead(good);
    } else {
      good.release();
    }
    refused.accept(fault);
    if (wasAwaited) {
      context.fireExceptionCaught(new MalformedReplyException(fault));
    }
    var _ = context.close();
  }
}
