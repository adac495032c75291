package io.ratelimiter.service.api.eventloop;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.ratelimiter.service.api.Answer;
import io.ratelimiter.service.api.AnswerStream;
import io.ratelimiter.service.api.CompleteRequest;
import io.ratelimiter.service.api.Header;
import io.ratelimiter.service.api.LargeBodies;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One caller's connection: an exchange at a time, in the order of the requests. Lives on its event
 * loop alone, so nothing here is guarded.
 */
final class CallerConnection extends ChannelInboundHandlerAdapter implements LargeBodies.Holder {

  private static final Logger log = LoggerFactory.getLogger(CallerConnection.class);

  /** For the last bytes to go to a caller that was too slow before, or still sends. */
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
    /** The answer is being sent while it is made. */
    STREAMING,
    /** The answer is made and not gone. */
    WRITING,
    /** The last answer is gone; what the caller still sends is read and thrown away. */
    REFUSED,
    CLOSED
  }

  private final Sharing sharing;
  private final Routes routes;
  private final LoopCallers callers;
  private final Channel channel;
  private final AnswerEncoder encoder;
  private final ChannelFutureListener written = this::written;
  private final WaitingMessages waiting;

  private State state = State.HEAD;
  private long deadlineNanos;
  private @Nullable IncomingRequest request;
  private @Nullable StreamedAnswer stream;
  private long left;
  private int unsent;
  private boolean messageRead;
  private boolean counted;
  private boolean incomplete;
  private boolean closing;
  private boolean unread;
  private int status;
  private boolean sendsNoMore;

  CallerConnection(
      Sharing sharing, Routes routes, LoopCallers callers, Channel channel, AnswerEncoder encoder) {
    this.sharing = sharing;
    this.routes = routes;
    this.callers = callers;
    this.channel = channel;
    this.encoder = encoder;
    this.waiting = new WaitingMessages(channel);
    within(sharing.timeouts().head());
    callers.opened(this);
  }

  /** Runs it on the event loop; from any thread. */
  void onLoop(Runnable task) {
    callers.loop().execute(task);
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
    return state == State.DECIDING || state == State.STREAMING || state == State.WRITING;
  }

  /** A read that brought no message brought a part of a head. */
  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    if (!messageRead && state == State.IDLE) {
      state = State.HEAD;
      within(sharing.timeouts().head());
    }
    messageRead = false;
    if (!incomplete && begun()) {
      incomplete = true;
      callers.begun(this);
    }
  }

  /** Whether a part of a request is here and the rest is awaited. */
  boolean begun() {
    return state == State.HEAD || state == State.BODY;
  }

  private void noLongerIncomplete() {
    if (incomplete) {
      incomplete = false;
      callers.completed(this);
    }
  }

  /** A caller that has sent all that it will is answered first. */
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
    IncomingRequest incoming =
        new IncomingRequest(head, channel.remoteAddress(), routes, sharing, this);
    request = incoming;
    state = State.BODY;
    within(sharing.timeouts().body());
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
    noLongerIncomplete();
    Answer refusal = incoming.refusalOfWhole();
    if (refusal != null) {
      respond(incoming, refusal, close);
      return;
    }
    state = State.DECIDING;
    counted = true;
    within(sharing.timeouts().answer());
    if (!sharing.inFlight().enter()) {
      respond(incoming, incoming.exchange().overloaded(), close);
    } else if (incoming.handedOn()) {
      handOn(incoming);
    } else {
      var _ = incoming.answer().thenAccept(answer -> deliver(incoming, answer, close));
    }
  }

  private void handOn(IncomingRequest incoming) {
    CompleteRequest whole = incoming.complete();
    StreamedAnswer answer = new StreamedAnswer(this, incoming);
    stream = answer;
    if (!sharing.handOver().take(whole, answer)) {
      respond(incoming, incoming.exchange().overloaded(), false);
    }
  }

  /** Nearly always on the loop already: its own connection to the store brought the answer. */
  private void deliver(IncomingRequest incoming, Answer answer, boolean close) {
    if (callers.loop().inEventLoop()) {
      decided(incoming, answer, close);
    } else {
      onLoop(() -> decided(incoming, answer, close));
    }
  }

  /** An answer may come after its exchange was given up. */
  private void decided(IncomingRequest incoming, Answer answer, boolean close) {
    if (state == State.DECIDING && request == incoming) {
      respond(incoming, answer, close);
    } else if (state == State.CLOSED && request == incoming) {
      // The caller went meanwhile: what was asked was decided all the same, and is counted.
      incoming.answered(answer.status(), sharing.metrics());
    }
  }

  private void respond(IncomingRequest incoming, Answer answer, boolean close) {
    answering(incoming, State.WRITING, answer.status(), close);
    unread = close;
    FullHttpResponse response = callers.responses().of(answer, !incoming.asksForHead());
    markConnection(incoming, response);
    channel.writeAndFlush(response).addListener(written);
  }

  private void answering(IncomingRequest incoming, State next, int code, boolean close) {
    noLongerIncomplete();
    incoming.releaseBody();
    if (next == State.WRITING) {
      endStreaming();
    }
    state = next;
    status = code;
    closing = close || !incoming.keepAlive() || sharing.drain().active();
    encoder.headOnly(incoming.asksForHead());
  }

  /** Whatever still writes to the stream is stopped: the answer is another one, or is over. */
  private void endStreaming() {
    if (stream != null) {
      stream.close();
      stream = null;
    }
  }

  private void markConnection(IncomingRequest incoming, HttpResponse response) {
    if (closing) {
      Responses.closing(response);
    } else if (incoming.ofHttp10()) {
      callers.responses().keptAlive(response);
    }
  }

  /** The head of a streamed answer. */
  void beginStream(IncomingRequest incoming, int code, List<Header> headers, long length) {
    if (state != State.DECIDING || request != incoming) {
      return;
    }
    boolean bodiless = incoming.asksForHead() || Responses.bodiless(code);
    boolean unknown = length == AnswerStream.UNKNOWN_LENGTH && !bodiless;
    answering(incoming, State.STREAMING, code, unknown && incoming.ofHttp10());
    left = bodiless ? 0 : length;
    unsent = 0;
    deadlineNanos = LoopCallers.NEVER;
    HttpResponse head =
        callers.responses().head(code, headers, length, unknown && !incoming.ofHttp10());
    markConnection(incoming, head);
    Responses.complete(head, incoming.exchange().correlationId());
    var _ = channel.write(head);
  }

  private boolean streams(IncomingRequest incoming) {
    return state == State.STREAMING && request == incoming;
  }

  /**
   * A piece of a streamed answer.
   *
   * @param gone called when it was sent, or never will be
   */
  void continueStream(IncomingRequest incoming, ByteBuf piece, Runnable gone) {
    if (!streams(incoming) || left == 0) {
      piece.release();
      gone.run();
      return;
    }
    left -= left > 0 ? piece.readableBytes() : 0;
    unsent++;
    within(sharing.timeouts().progress());
    channel
        .writeAndFlush(new DefaultHttpContent(piece))
        .addListener(_ -> {
          gone.run();
          progressed();
        });
  }

  private void progressed() {
    unsent--;
    if (state == State.STREAMING && unsent > 0) {
      within(sharing.timeouts().progress());
    } else if (state == State.STREAMING) {
      deadlineNanos = LoopCallers.NEVER;
    }
  }

  /** What was written so far of a streamed answer is to leave. */
  void flushStream(IncomingRequest incoming) {
    if (streams(incoming)) {
      channel.flush();
    }
  }

  /** A streamed answer is complete. */
  void endStream(IncomingRequest incoming) {
    if (!streams(incoming)) {
      return;
    }
    closing |= left > 0;
    state = State.WRITING;
    stream = null;
    within(sharing.timeouts().progress());
    channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT).addListener(written);
  }

  /** A streamed answer will never be complete. */
  void abortStream(IncomingRequest incoming) {
    if (state == State.DECIDING && request == incoming) {
      respond(incoming, incoming.exchange().failed(), false);
    } else if (streams(incoming)) {
      close();
    }
  }

  private void written(ChannelFuture sent) {
    uncount();
    if (state != State.WRITING) {
      return;
    }
    if (request != null) {
      request.answered(status, sharing.metrics());
      request = null;
    }
    if (closing || !sent.isSuccess()) {
      end(sent);
      return;
    }
    state = State.IDLE;
    within(sharing.timeouts().idle());
    takeWaiting();
    closeIfServed();
  }

  /** A caller that is cut off while it sends may never see the answer. */
  private void end(ChannelFuture sent) {
    if (!unread || sendsNoMore || !sent.isSuccess() || !(channel instanceof DuplexChannel both)) {
      close();
      return;
    }
    state = State.REFUSED;
    within(LAST_WORD);
    var _ = both.shutdownOutput();
    takeWaiting();
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
    if (deadlineNanos == LoopCallers.NEVER || nowNanos - deadlineNanos < 0) {
      return;
    }
    IncomingRequest late = request;
    if (late == null || state == State.STREAMING || state == State.WRITING) {
      close();
      return;
    }
    Answer answer =
        state == State.BODY
            ? late.withoutItsBody(sharing.timeouts().body())
            : late.exchange().unanswered();
    boolean close = state == State.BODY;
    respond(late, answer, close);
    within(LAST_WORD);
  }

  /** Its body's room is needed for another; from any thread. */
  @Override
  public void makeRoom() {
    onLoop(this::shed);
  }

  /** Ends the request that has begun here and is not complete, if there is one. */
  void shed() {
    if (state == State.HEAD) {
      close();
    } else if (state == State.BODY && request != null) {
      respond(request, request.exchange().crowdedOut(), true);
      within(LAST_WORD);
    }
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
    noLongerIncomplete();
    state = State.CLOSED;
    uncount();
    if (request != null) {
      request.releaseBody();
    }
    endStreaming();
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
