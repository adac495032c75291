package io.ratelimiter.service.api.eventloop;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.ratelimiter.service.api.Answer;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One caller's connection: an exchange at a time, in the order of the requests. Lives on its event
 * loop alone, so nothing here is guarded.
 */
final class CallerConnection extends ChannelInboundHandlerAdapter {

  private static final Logger log = LoggerFactory.getLogger(CallerConnection.class);

  /** For the last bytes to go to a caller who was too slow before. */
  private static final Duration LAST_WORD = Duration.ofSeconds(1);

  private enum State {
    /** Between two exchanges. */
    IDLE,
    /** The connection is new, or some bytes of a head are here. */
    HEAD,
    /** The head is here, and not yet all of the body. */
    BODY,
    /** The answer is being made. */
    DECIDING,
    /** The answer is made and not gone. */
    WRITING,
    CLOSED
  }

  private final Sharing sharing;
  private final LoopCallers callers;
  private final Channel channel;
  private final ChannelFutureListener written = this::written;
  private final WaitingMessages waiting;

  private State state = State.HEAD;
  private long deadlineNanos;
  private @Nullable IncomingRequest request;
  private boolean messageRead;
  private boolean counted;
  private boolean closing;
  private int status;
  private boolean sendsNoMore;

  CallerConnection(Sharing sharing, LoopCallers callers, Channel channel) {
    this.sharing = sharing;
    this.callers = callers;
    this.channel = channel;
    this.waiting = new WaitingMessages(channel);
    within(sharing.timeouts().head());
    callers.opened(this);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    messageRead = true;
    if (busy()) {
      waiting.add(message);
    } else {
      take(message);
    }
  }

  private boolean busy() {
    return answering() || !waiting.isEmpty();
  }

  private boolean answering() {
    return state == State.DECIDING || state == State.WRITING;
  }

  /** A read that brought no message brought a part of a head. */
  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    if (!messageRead && state == State.IDLE) {
      state = State.HEAD;
      within(sharing.timeouts().head());
    }
    messageRead = false;
  }

  /** A caller who has sent all that he will is answered first. */
  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      sendsNoMore = true;
      closeIfServed();
    } else {
      context.fireUserEventTriggered(event);
    }
  }

  private void closeIfServed() {
    if (sendsNoMore && !busy()) {
      close();
    }
  }

  private void take(Object message) {
    try {
      if (message instanceof HttpRequest head) {
        begin(head);
      }
      if (message instanceof HttpContent content) {
        takeBody(content);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void begin(HttpRequest head) {
    if (state != State.IDLE && state != State.HEAD) {
      return;
    }
    IncomingRequest incoming = new IncomingRequest(head, sharing);
    request = incoming;
    state = State.BODY;
    within(sharing.timeouts().exchange());
    boolean waitsForUs = HttpUtil.is100ContinueExpected(head);
    Answer atOnce = waitsForUs ? incoming.refusal() : incoming.brokenHead();
    if (atOnce != null) {
      respond(incoming, atOnce, true);
    } else if (waitsForUs) {
      var _ =
          channel.writeAndFlush(
              new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
    }
  }

  private void takeBody(HttpContent content) {
    IncomingRequest incoming = request;
    if (state != State.BODY || incoming == null) {
      return;
    }
    if (content.decoderResult().isFailure()) {
      respond(incoming, incoming.malformedBody(), true);
      return;
    }
    incoming.add(content.content());
    if (content instanceof LastHttpContent || incoming.endless()) {
      complete(incoming, incoming.endless());
    }
  }

  private void complete(IncomingRequest incoming, boolean close) {
    Answer refusal = incoming.refusalOfWhole();
    if (refusal != null) {
      respond(incoming, refusal, close);
      return;
    }
    state = State.DECIDING;
    counted = true;
    if (!sharing.inFlight().enter()) {
      respond(incoming, incoming.exchange().overloaded(), close);
      return;
    }
    var _ = incoming.answer().thenAccept(answer -> deliver(incoming, answer, close));
  }

  /** Nearly always on the loop already: its own connection to the store brought the answer. */
  private void deliver(IncomingRequest incoming, Answer answer, boolean close) {
    if (callers.loop().inEventLoop()) {
      decided(incoming, answer, close);
    } else {
      callers.loop().execute(() -> decided(incoming, answer, close));
    }
  }

  /** An answer may come after its exchange was given up. */
  private void decided(IncomingRequest incoming, Answer answer, boolean close) {
    if (state == State.DECIDING && request == incoming) {
      respond(incoming, answer, close);
    } else if (state == State.CLOSED && request == incoming) {
      // He went meanwhile: what was asked was decided all the same, and is counted.
      incoming.answered(answer.status(), sharing.metrics());
    }
  }

  private void respond(IncomingRequest incoming, Answer answer, boolean close) {
    state = State.WRITING;
    incoming.releaseBody();
    status = answer.status();
    closing = close || !incoming.keepAlive() || sharing.drain().active();
    FullHttpResponse response = callers.responses().of(answer, !incoming.asksForHead());
    if (closing) {
      Responses.closing(response);
    } else if (incoming.ofHttp10()) {
      callers.responses().keptAlive(response);
    }
    channel.writeAndFlush(response).addListener(written);
  }

  private void written(ChannelFuture written) {
    uncount();
    if (state != State.WRITING) {
      return;
    }
    if (request != null) {
      request.answered(status, sharing.metrics());
      request = null;
    }
    if (closing || !written.isSuccess()) {
      close();
      return;
    }
    state = State.IDLE;
    within(sharing.timeouts().idle());
    takeWaiting();
    closeIfServed();
  }

  private void takeWaiting() {
    if (waiting.isEmpty()) {
      return;
    }
    try {
      waiting.takeWhile(() -> !answering(), this::take);
    } catch (RuntimeException e) {
      broken(e);
    }
  }

  private void within(Duration bound) {
    deadlineNanos = callers.nowNanos() + bound.toNanos();
  }

  /** To be called now and then: ends what has taken too long. */
  void expire(long nowNanos) {
    if (nowNanos - deadlineNanos < 0) {
      return;
    }
    IncomingRequest late = request;
    if (late == null || state == State.WRITING) {
      close();
      return;
    }
    Answer answer =
        state == State.BODY
            ? late.withoutItsBody(sharing.timeouts().exchange())
            : late.exchange().unanswered();
    within(LAST_WORD);
    respond(late, answer, state == State.BODY);
  }

  /** Closes what waits for a request; for one that is on its way, waits a moment and no longer. */
  void closeIfIdle() {
    if (state == State.IDLE) {
      close();
    } else if (state == State.HEAD) {
      within(LAST_WORD);
    }
  }

  void close() {
    var _ = channel.close();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    state = State.CLOSED;
    uncount();
    if (request != null) {
      request.releaseBody();
    }
    waiting.release();
    callers.closed(this);
  }

  private void uncount() {
    if (counted) {
      counted = false;
      sharing.inFlight().leave();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
    broken(failure);
  }

  private void broken(Throwable failure) {
    if (failure instanceof IOException) {
      log.debug("The connection broke", failure);
    } else {
      log.warn("A connection is closed after a fault", failure);
    }
    close();
  }
}
