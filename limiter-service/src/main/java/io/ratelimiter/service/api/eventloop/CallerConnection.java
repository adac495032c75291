package io.ratelimiter.service.api.eventloop;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.ratelimiter.service.api.BodyBudget;
import io.ratelimiter.service.api.Routes;
import io.ratelimiter.service.api.eventloop.ConnectionState.Phase;
import io.ratelimiter.service.api.eventloop.request.IncomingRequest;
import io.ratelimiter.service.api.http.Answer;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the requests of one connection and answers them one at a time, in their order. Used on its
 * event loop alone, so nothing is synchronized. {@link AnswerWriter} sends the answers.
 */
final class CallerConnection extends ChannelInboundHandlerAdapter implements BodyBudget.Holder {

  private static final Logger log = LoggerFactory.getLogger(CallerConnection.class);

  private final ConnectionState state;
  private final AnswerWriter writer;
  private final RequestReader reader;
  private final WaitingMessages waiting;
  private boolean messageRead;
  private boolean incomplete;
  private boolean inputEnded;

  CallerConnection(
      SharedParts shared,
      Routes routes,
      LoopCallers callers,
      Channel channel,
      AnswerEncoder encoder) {
    state = new ConnectionState(shared, callers, channel);
    writer = new AnswerWriter(this, state, encoder);
    reader = new RequestReader(this, routes, state, writer);
    waiting = new WaitingMessages(channel);
    callers.opened(this);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    messageRead = true;
    if (busy()) {
      waiting.add(message);
      boundBehindHeld();
    } else {
      reader.take(message);
    }
  }

  /**
   * Bounds the memory of what arrived behind a held answer, which stays for the whole hold: it
   * counts as an incomplete request, and too much of it ends the hold.
   */
  void boundBehindHeld() {
    if (!state.in(Phase.HELD)) {
      return;
    }
    if (waiting.full()) {
      writer.releaseHeld();
    } else if (!incomplete && waiting.anyArrived()) {
      incomplete = true;
      state.callers.begun(this);
    }
  }

  /** Whether an answer may be held: little has arrived behind its request. */
  boolean holdable() {
    return !inputEnded && !waiting.full();
  }

  private boolean busy() {
    return state.answering() || !waiting.isEmpty();
  }

  /** A read that brought no message brought a part of a head. */
  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    if (!messageRead && state.in(Phase.IDLE)) {
      state.enter(Phase.HEAD, state.limits.headTimeout());
    }
    messageRead = false;
    if (!incomplete && state.reading()) {
      incomplete = true;
      state.callers.begun(this);
    }
    boundBehindHeld();
  }

  /** The current request is complete, or answered before it is. */
  void requestEnded() {
    if (incomplete) {
      incomplete = false;
      state.callers.completed(this);
    }
  }

  /**
   * Closes a half-closed connection once all of its requests are answered. A held answer is
   * released, because a caller that ends its input has usually disconnected.
   */
  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      inputEnded = true;
      writer.releaseHeld();
      closeIfServed();
    } else {
      context.fireUserEventTriggered(event);
    }
  }

  /** Whether the caller has closed its sending direction. */
  boolean inputEnded() {
    return inputEnded;
  }

  private void closeIfServed() {
    if (inputEnded && !busy()) {
      close();
    }
  }

  /** Takes the next request, if one has arrived; an answer has just been sent. */
  void takeNext() {
    takeWaiting();
    closeIfServed();
  }

  /** Takes messages that arrived while an answer was being made. */
  void takeWaiting() {
    if (waiting.isEmpty()) {
      return;
    }
    try {
      waiting.takeWhile(() -> !state.answering(), reader::take);
    } catch (RuntimeException e) {
      fail(e);
    }
  }

  /** Ends the current phase if it has exceeded its time limit; called twice a second. */
  void expire(long nowNanos) {
    if (!state.late(nowNanos)) {
      return;
    }
    IncomingRequest late = state.request();
    if (late == null || state.in(Phase.STREAMING) || state.in(Phase.WRITING)) {
      close();
    } else if (state.in(Phase.BODY)) {
      respondLast(late, late.bodyTimedOut(state.limits.bodyTimeout()), true);
    } else {
      respondLast(late, late.exchange().timedOut(), false);
    }
  }

  private void respondLast(IncomingRequest incoming, Answer answer, boolean close) {
    writer.respond(incoming, answer, close);
    state.within(AnswerWriter.GRACE);
  }

  /** Gives the body's memory to another request; from any thread. */
  @Override
  public void evict() {
    state.callers.loop().execute(this::shed);
  }

  /** Ends the request that is being read; returns whether there was one. */
  boolean shed() {
    IncomingRequest incoming = state.request();
    if (state.in(Phase.HEAD)) {
      close();
    } else if (state.in(Phase.BODY) && incoming != null) {
      respondLast(incoming, incoming.exchange().bodyBudgetExhausted(), true);
    } else if (state.in(Phase.HELD) && incomplete) {
      writer.releaseHeld();
    } else {
      return false;
    }
    return true;
  }

  /** Closes an idle connection; one that is receiving a head has one more second to complete it. */
  void closeIfIdle() {
    if (state.in(Phase.IDLE)) {
      close();
    } else if (state.in(Phase.HEAD)) {
      state.within(AnswerWriter.GRACE);
    }
  }

  /** Sends the held answer, if there is one, now, with the rest of its wait. */
  void releaseHeld() {
    writer.releaseHeld();
  }

  void close() {
    var _ = state.channel.close();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    requestEnded();
    writer.dropHeld();
    state.enter(Phase.CLOSED);
    state.leaveInFlight();
    IncomingRequest unfinished = state.request();
    if (unfinished != null) {
      unfinished.releaseBody();
    }
    writer.closeStream();
    waiting.release();
    state.callers.closed(this);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
    fail(failure);
  }

  /** Closes the connection and logs why. */
  void fail(Throwable failure) {
    if (failure instanceof IOException) {
      log.debug("The connection failed", failure);
    } else {
      log.warn("A connection is closed after a fault", failure);
    }
    close();
  }
}
