package io.ratelimiter.service.api.eventloop;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.ratelimiter.service.api.eventloop.ConnectionState.Phase;
import io.ratelimiter.service.api.eventloop.HeldAnswers.Held;
import io.ratelimiter.service.api.eventloop.request.IncomingRequest;
import io.ratelimiter.service.api.http.Answer;
import io.ratelimiter.service.api.http.Hold;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Passes the requests of one connection to their endpoints, sends the answers, and then keeps or
 * closes the connection. Used on the connection's event loop alone.
 */
final class AnswerWriter {

  /** Time for the last bytes to reach a caller that was too slow, or that is still sending. */
  static final Duration GRACE = Duration.ofSeconds(1);

  private final CallerConnection connection;
  private final ConnectionState state;
  private final AnswerEncoder encoder;
  private final ChannelFutureListener written = this::written;
  private @Nullable StreamedAnswer stream;
  private @Nullable Held held;
  private int status;
  private boolean closing;
  private boolean requestUnread;

  AnswerWriter(CallerConnection connection, ConnectionState state, AnswerEncoder encoder) {
    this.connection = connection;
    this.state = state;
    this.encoder = encoder;
  }

  /** Passes a complete request to its endpoint, on this loop, or to the blocking handler. */
  void answer(IncomingRequest incoming, boolean close) {
    state.enter(Phase.DECIDING, state.limits.answerTimeout());
    if (!state.enterInFlight()) {
      respond(incoming, incoming.exchange().overloaded(), close);
    } else if (incoming.exchange().delegatedPath() != null) {
      delegate(incoming);
    } else {
      incoming.answer(answer -> deliver(incoming, answer, close));
    }
  }

  private void delegate(IncomingRequest incoming) {
    StreamedAnswer opened = new StreamedAnswer(this, state, incoming);
    stream = opened;
    if (!state.shared.blocking().accept(incoming.complete(), opened)) {
      respond(incoming, incoming.exchange().overloaded(), false);
    }
  }

  /** Usually on the loop already, since the loop's own connection to the store got the reply. */
  private void deliver(IncomingRequest incoming, Answer answer, boolean close) {
    EventLoop loop = state.callers.loop();
    if (loop.inEventLoop()) {
      decided(incoming, answer, close);
    } else {
      loop.execute(() -> decided(incoming, answer, close));
    }
  }

  /** Ignores an answer that comes after another one was sent. */
  private void decided(IncomingRequest incoming, Answer answer, boolean close) {
    try {
      if (state.in(Phase.DECIDING, incoming)) {
        if (!hold(incoming, answer, close)) {
          respond(incoming, answer, close);
        }
      } else if (state.in(Phase.CLOSED, incoming)) {
        // The caller disconnected, but the check was decided, so it is counted.
        incoming.answered(answer.status(), state.shared.metrics());
      }
    } catch (RuntimeException e) {
      connection.fail(e);
    }
  }

  /**
   * Holds an answer with a {@link Hold}. Returns false if it must be sent now: when the service is
   * about to stop, the caller has ended its input, or the max number of answers is held.
   */
  private boolean hold(IncomingRequest incoming, Answer answer, boolean close) {
    Hold hold = answer.hold();
    if (hold == null
        || close
        || !connection.holdable()
        || state.shared.drain().active()
        || !state.shared.held().enter()) {
      return false;
    }
    held = new Held(state, incoming, answer, hold, this::releaseHeld);
    connection.boundBehindHeld();
    return true;
  }

  /** Sends the held answer, if there is one; if its wait is not over, with the rest of it. */
  void releaseHeld() {
    Held ended = held;
    if (ended == null) {
      return;
    }
    held = null;
    try {
      respond(ended.incoming(), ended.release(), false);
    } catch (RuntimeException e) {
      connection.fail(e);
    }
  }

  /** Drops the held answer, if there is one, because its caller has disconnected. */
  void dropHeld() {
    if (held != null) {
      held.drop();
      held = null;
    }
  }

  /**
   * Sends a complete answer.
   *
   * @param close whether the connection ends with it, because not all of the request was read
   */
  void respond(IncomingRequest incoming, Answer answer, boolean close) {
    closeStream();
    begin(incoming, Phase.WRITING, answer.status(), close);
    requestUnread = close;
    FullHttpResponse response = state.callers.responses().of(answer, !incoming.headMethod());
    markConnection(incoming, response);
    state.channel.writeAndFlush(response).addListener(written);
  }

  /** Prepares for the head of an answer; no byte of it has been sent yet. */
  void begin(IncomingRequest incoming, Phase next, int code, boolean close) {
    connection.requestEnded();
    incoming.releaseBody();
    state.enter(next);
    status = code;
    closing = close || !incoming.keepAlive() || state.shared.drain().active();
    encoder.headOnly(incoming.headMethod());
  }

  /** Adds the headers that announce whether the connection stays open. */
  void markConnection(IncomingRequest incoming, HttpResponse response) {
    if (closing) {
      Responses.closing(response);
    } else if (incoming.http10()) {
      state.callers.responses().keptAlive(response);
    }
  }

  /**
   * Ends a streamed answer.
   *
   * @param truncated whether bytes of the announced length are missing
   */
  void finishStream(boolean truncated) {
    closing |= truncated;
    stream = null;
    state.enter(Phase.WRITING, state.limits.progressTimeout());
    state.channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT).addListener(written);
  }

  /** Makes further writes to an open stream fail. */
  void closeStream() {
    if (stream != null) {
      stream.close();
      stream = null;
    }
  }

  private void written(ChannelFuture sent) {
    state.leaveInFlight();
    if (!state.in(Phase.WRITING)) {
      return;
    }
    state.answered(status);
    if (!sent.isSuccess()) {
      connection.fail(sent.cause());
    } else if (closing) {
      end();
    } else {
      state.enter(Phase.IDLE, state.limits.idleTimeout());
      connection.takeNext();
    }
  }

  /** A caller whose connection is closed while it sends may never receive the answer. */
  private void end() {
    if (!requestUnread
        || connection.inputEnded()
        || !(state.channel instanceof DuplexChannel both)) {
      connection.close();
      return;
    }
    state.enter(Phase.DISCARDING, GRACE);
    var _ = both.shutdownOutput();
    connection.takeWaiting();
  }
}
