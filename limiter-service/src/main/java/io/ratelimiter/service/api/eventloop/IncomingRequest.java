package io.ratelimiter.service.api.eventloop;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.ratelimiter.service.api.Answer;
import io.ratelimiter.service.api.Exchange;
import io.ratelimiter.service.api.Problem;
import io.ratelimiter.service.api.RequestMetrics;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A request as it comes in: its exchange, its body as far as it is here, and how to answer it. */
final class IncomingRequest {

  private static final byte[] NOTHING = new byte[0];

  private final long beganNanos = System.nanoTime();
  private final Routes.Route route;
  private final Exchange exchange;
  private final @Nullable Problem fault;
  private final @Nullable Answer refusal;
  private final RequestBody body;
  private final boolean keepAlive;
  private final boolean asksForHead;
  private final boolean ofHttp10;

  IncomingRequest(HttpRequest request, Sharing sharing) {
    NettyHead head = NettyHead.of(request);
    route = sharing.routes().at(head.path());
    exchange = new Exchange(route.endpoint(), head, sharing.correlationIds(), sharing.problems());
    fault = Faults.of(request);
    refusal = fault == null ? exchange.refusal() : exchange.problem(fault);
    body = new RequestBody(refusal == null ? exchange.maxBodyBytes() : 0, sharing.largeBodies());
    keepAlive = HttpUtil.isKeepAlive(request);
    asksForHead = request.method().equals(HttpMethod.HEAD);
    ofHttp10 = request.protocolVersion().minorVersion() == 0;
  }

  Exchange exchange() {
    return exchange;
  }

  /** What is said at once, since nobody knows where a next request would begin; else null. */
  @Nullable Answer brokenHead() {
    return fault == null ? null : refusal;
  }

  /** What can be said without the body; null when it has to be read. */
  @Nullable Answer refusal() {
    return refusal;
  }

  void add(ByteBuf content) {
    body.add(content);
  }

  /** Whether so much came that was thrown away that nobody goes on reading. */
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
    return exchange.problem(Problem.of(400, Faults.NO_HTTP));
  }

  CompletionStage<Answer> answer() {
    return exchange.answer(exchange.ignoresBody() ? NOTHING : body.take());
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
    return asksForHead;
  }

  /** Whether the caller has to be told that the connection stays. */
  boolean ofHttp10() {
    return ofHttp10;
  }
}
