package io.ratelimiter.service.api.eventloop;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.ratelimiter.service.api.Answer;
import io.ratelimiter.service.api.CompleteRequest;
import io.ratelimiter.service.api.Exchange;
import io.ratelimiter.service.api.Header;
import io.ratelimiter.service.api.LargeBodies;
import io.ratelimiter.service.api.Problem;
import io.ratelimiter.service.api.RequestMetrics;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A request as it comes in: its exchange, its body as far as it is here, and how to answer it. */
final class IncomingRequest {

  private static final byte[] NOTHING = new byte[0];

  private final long beganNanos = System.nanoTime();
  private final HttpRequest request;
  private final NettyHead head;
  private final Routes.Route route;
  private final Exchange exchange;
  private final boolean endUnknown;
  private final @Nullable Answer refusal;
  private final RequestBody body;
  private final boolean keepAlive;

  /**
   * A request whose head is here.
   *
   * @param from the other end of the connection
   * @param holder of the body
   */
  IncomingRequest(
      HttpRequest request,
      @Nullable SocketAddress from,
      Routes routes,
      Sharing sharing,
      LargeBodies.Holder holder) {
    this.request = request;
    head = NettyHead.of(request, from);
    route = routes.at(head.path());
    exchange = new Exchange(route.endpoint(), head, sharing.correlationIds(), sharing.problems());
    Problem framing = HttpViolations.ofFraming(request);
    endUnknown = framing != null;
    Problem violation = endUnknown ? framing : HttpViolations.ofRequest(request);
    refusal = violation == null ? exchange.refusal() : exchange.problem(violation);
    int maxBodyBytes = refusal == null ? exchange.maxBodyBytes() : 0;
    body = new RequestBody(maxBodyBytes, sharing.largeBodies(), holder);
    keepAlive = HttpUtil.isKeepAlive(request);
  }

  Exchange exchange() {
    return exchange;
  }

  /** Answered at once, since it is not known where a next request would begin; else null. */
  @Nullable Answer brokenHead() {
    return endUnknown ? refusal : null;
  }

  /** The answer that needs no body; null when the body has to be read. */
  @Nullable Answer refusal() {
    return refusal;
  }

  void add(ByteBuf content) {
    body.add(content);
  }

  /** Whether so much was thrown away that reading on is no use. */
  boolean endless() {
    return body.endless();
  }

  /** What to answer instead of asking the endpoint; null when it is to be asked. */
  @Nullable Answer refusalOfWhole() {
    if (refusal != null || exchange.ignoresBody()) {
      return refusal;
    }
    if (body.crowdedOut()) {
      return exchange.crowdedOut();
    }
    return body.tooLarge() ? exchange.tooLarge() : null;
  }

  /** What to answer when the body has not come within this time. */
  Answer withoutItsBody(Duration bound) {
    Answer known = refusalOfWhole();
    return known == null ? exchange.bodyTooSlow(bound) : known;
  }

  Answer malformedBody() {
    return exchange.problem(Problem.of(400, HttpViolations.NO_HTTP));
  }

  CompletionStage<Answer> answer() {
    return exchange.answer(exchange.ignoresBody() ? NOTHING : body.take());
  }

  /** Whether this is for whatever stands behind the event loops. */
  boolean handedOn() {
    return route.handedOn() != null;
  }

  /** The whole request, to be handed on. */
  CompleteRequest complete() {
    List<Header> headers = new ArrayList<>();
    for (Map.Entry<String, String> header : request.headers()) {
      if (!ofConnection(header.getKey())) {
        headers.add(new Header(header.getKey(), header.getValue()));
      }
    }
    return new CompleteRequest(
        head.method(),
        Objects.requireNonNull(route.handedOn()),
        head.query(),
        headers,
        body.take(),
        head.address(),
        exchange.correlationId());
  }

  private static boolean ofConnection(String name) {
    return HttpHeaderNames.CONNECTION.contentEqualsIgnoreCase(name)
        || HttpHeaderNames.TRANSFER_ENCODING.contentEqualsIgnoreCase(name)
        || HttpHeaderNames.CONTENT_LENGTH.contentEqualsIgnoreCase(name)
        || HttpHeaderNames.EXPECT.contentEqualsIgnoreCase(name);
  }

  /** Its body, as far as it came, is needed no more. */
  void releaseBody() {
    body.release();
  }

  /** The answer's last byte has left. */
  void answered(int status, RequestMetrics metrics) {
    metrics.answered(route.name(), status, System.nanoTime() - beganNanos);
  }

  /** Whether the caller wants to go on with this connection. */
  boolean keepAlive() {
    return keepAlive;
  }

  /** Whether the answer's body is only to be measured. */
  boolean asksForHead() {
    return request.method().equals(HttpMethod.HEAD);
  }

  /** Whether the caller knows only HTTP/1.0: no chunks, and a connection ends unless it is kept. */
  boolean ofHttp10() {
    return request.protocolVersion().minorVersion() == 0;
  }
}
