package io.ratelimiter.service.api.eventloop;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands at the listening socket and counts connections; when there are as many as there may be,
 * more wait in the kernel's queue until one is closed.
 */
final class Admission extends ChannelInboundHandlerAdapter {

  private final int most;
  private final AtomicInteger open = new AtomicInteger();

  Admission(int most) {
    this.most = most;
  }

  /** Connections that are open now. */
  int open() {
    return open.get();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object accepted) {
    Channel listening = context.channel();
    if (open.incrementAndGet() >= most) {
      listening.config().setAutoRead(false);
    }
    ((Channel) accepted).closeFuture().addListener(_ -> closed(listening));
    context.fireChannelRead(accepted);
  }

  private void closed(Channel listening) {
    if (open.decrementAndGet() == most - 1) {
      listening.config().setAutoRead(true);
    }
  }
}
