package io.ratelimiter.service.api.eventloop;

import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.ratelimiter.service.api.Routes;
import io.ratelimiter.service.api.eventloop.ConnectionState.Phase;
import io.ratelimiter.service.api.eventloop.request.IncomingRequest;
import io.ratelimiter.service.api.http.Answer;

/**
 * Assembles the requests of one connection from the decoder's messages, refuses invalid ones, and
 * passes complete ones to the {@link AnswerWriter}. Used on the connection's event loop alone.
 */
final class RequestReader {

  private final CallerConnection connection;
  private final Routes routes;
  private final ConnectionState state;
  private final AnswerWriter writer;

  RequestReader(
      CallerConnection connection, Routes routes, ConnectionState state, AnswerWriter writer) {
    this.connection = connection;
    this.routes = routes;
    this.state = state;
    this.writer = writer;
  }

  /** Takes one message of the decoder, and releases it. */
  void take(Object message) {
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
    if (!state.in(Phase.IDLE) && !state.in(Phase.HEAD)) {
      return;
    }
    IncomingRequest incoming =
        new IncomingRequest(
            head, state.channel.remoteAddress(), routes, state.shared.bodyBudget(), connection);
    state.begin(incoming);
    boolean expectsContinue = HttpUtil.is100ContinueExpected(head);
    Answer early = expectsContinue ? incoming.refusal() : incoming.framingRefusal();
    if (early != null) {
      writer.respond(incoming, early, true);
    } else if (expectsContinue) {
      var _ =
          state.channel.writeAndFlush(
              new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
    }
  }

  private void takeBody(HttpContent content) {
    IncomingRequest incoming = state.request();
    if (!state.in(Phase.BODY) || incoming == null) {
      return;
    }
    if (content.decoderResult().isFailure()) {
      writer.respond(incoming, incoming.malformedBody(), true);
      return;
    }
    incoming.add(content.content());
    if (content instanceof LastHttpContent || incoming.discardLimitReached()) {
      complete(incoming, incoming.discardLimitReached());
    }
  }

  private void complete(IncomingRequest incoming, boolean close) {
    connection.requestEnded();
    Answer refusal = incoming.refusalAfterBody();
    if (refusal != null) {
      writer.respond(incoming, refusal, close);
    } else {
      writer.answer(incoming, close);
    }
  }
}
