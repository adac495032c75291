package io.ratelimiter.service.api.eventloop.request;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.ratelimiter.service.api.BodyBudget;
import io.ratelimiter.service.api.Exchange;
import io.ratelimiter.service.api.RequestMetrics;
import io.ratelimiter.service.api.Routes;
import io.ratelimiter.service.api.http.Answer;
import io.ratelimiter.service.api.http.CompleteRequest;
import io.ratelimiter.service.api.http.Header;
import io.ratelimiter.service.api.http.Peer;
import io.ratelimiter.service.api.http.Problem;
import io.ratelimiter.service.api.http.RequestHead;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A request while it is read: its head, the part of its body that has arrived, and its exchange.
 */
public final class IncomingRequest implements RequestHead {

  private long beganNanos = System.nanoTime();
  private final HttpRequest request;
  private final @Nullable SocketAddress from;
  private String path;
  private @Nullable String query;
  private final boolean keepAlive;
  private final Exchange exchange;
  private final boolean framingBroken;
  private final @Nullable Answer refusal;
  private final RequestBody body;

  /**
   * A request whose head has arrived.
   *
   * @param from address of the caller, or of the proxy in front of it
   * @param holder evicted when the body's memory is needed elsewhere
   */
  public IncomingRequest(
      HttpRequest request,
      @Nullable SocketAddress from,
      Routes routes,
      BodyBudget bodyBudget,
      BodyBudget.Holder holder) {
    this.request = request;
    this.from = from;
    String target = request.uri();
    int start = pathStart(target);
    int mark = target.indexOf('?', start);
    path = target.substring(start, mark < 0 ? target.length() : mark);
    query = mark < 0 ? null : target.substring(mark + 1);
    keepAlive = HttpUtil.isKeepAlive(request);
    exchange = routes.exchange(this);
    Problem framing = HttpViolations.ofFraming(request);
    framingBroken = framing != null;
    Problem violation = framingBroken ? framing : HttpViolations.ofRequest(request);
    refusal = violation == null ? exchange.refusal() : exchange.problem(violation);
    body = new RequestBody(refusal == null ? exchange.maxBodyBytes() : 0, bodyBudget, holder);
  }

  /** Index of the path: behind scheme and authority of an absolute URI. */
  private static int pathStart(String target) {
    int authority = target.startsWith("/") ? -1 : HttpViolations.authorityStart(target);
    return authority < 0 ? 0 : Math.max(0, target.indexOf('/', authority));
  }

  @Override
  public String method() {
    return request.method().name();
  }

  @Override
  public String path() {
    return path;
  }

  @Override
  public @Nullable String query() {
    return query;
  }

  @Override
  public @Nullable String header(String name) {
    return request.headers().get(name);
  }

  @Override
  public List<String> headers(String name) {
    return request.headers().getAll(name);
  }

  /** The last X-Forwarded-For counts: a proxy adds its header after those of the caller. */
  @Override
  public Peer peer() {
    List<String> forwardedFor = headers("X-Forwarded-For");
    return Peer.of(address(), forwardedFor.isEmpty() ? null : forwardedFor.getLast());
  }

  private String address() {
    return from instanceof InetSocketAddress address ? address.getAddress().getHostAddress() : "";
  }

  /** The request and its answer, independent of the connection. */
  public Exchange exchange() {
    return exchange;
  }

  /** Whether the caller requested that the connection stay open. */
  public boolean keepAlive() {
    return keepAlive;
  }

  /** Whether the method is HEAD: the answer has the headers of a body, and no body. */
  public boolean headMethod() {
    return request.method().equals(HttpMethod.HEAD);
  }

  /** Whether it is HTTP/1.0: no chunks, and connections close unless both sides keep them. */
  public boolean http10() {
    return request.protocolVersion().minorVersion() == 0;
  }

  /**
   * The answer to a request whose end is unknown, so that nothing after its head can be read; null
   * when the framing is valid.
   */
  public @Nullable Answer framingRefusal() {
    return framingBroken ? refusal : null;
  }

  /** The answer to an invalid head; null when the head is valid. */
  public @Nullable Answer refusal() {
    return refusal;
  }

  /** Appends a part of the body. */
  public void add(ByteBuf content) {
    body.add(content);
  }

  /** Whether the max number of bytes was discarded, so that the connection has to end. */
  public boolean discardLimitReached() {
    return body.discardLimitReached();
  }

  /** The answer to an invalid head or body; null when the endpoint is to answer. */
  public @Nullable Answer refusalAfterBody() {
    if (refusal != null || exchange.maxBodyBytes() == 0) {
      return refusal;
    }
    if (body.budgetExhausted()) {
      return exchange.bodyBudgetExhausted();
    }
    return body.tooLarge() ? exchange.tooLarge() : null;
  }

  /** The answer when the body did not arrive within the time limit. */
  public Answer bodyTimedOut(Duration limit) {
    Answer known = refusalAfterBody();
    return known == null ? exchange.bodyTimedOut(limit) : known;
  }

  /** The answer to a body whose framing is invalid. */
  public Answer malformedBody() {
    return exchange.problem(Problem.INVALID_HTTP);
  }

  /** Passes the endpoint's answer to the receiver; see {@link Exchange#answer}. */
  public void answer(Consumer<Answer> receiver) {
    exchange.answer(body.take(), receiver);
  }

  /** The complete request, for the blocking handler. */
  public CompleteRequest complete() {
    List<Header> headers = new ArrayList<>();
    for (Map.Entry<String, String> header : request.headers()) {
      if (!ofConnection(header.getKey())) {
        headers.add(new Header(header.getKey(), header.getValue()));
      }
    }
    return new CompleteRequest(
        method(),
        Objects.requireNonNull(exchange.delegatedPath()),
        query,
        headers,
        body.take(),
        address(),
        exchange.correlationId());
  }

  private static boolean ofConnection(String name) {
    return HttpHeaderNames.CONNECTION.contentEqualsIgnoreCase(name)
        || HttpHeaderNames.TRANSFER_ENCODING.contentEqualsIgnoreCase(name)
        || HttpHeaderNames.CONTENT_LENGTH.contentEqualsIgnoreCase(name)
        || HttpHeaderNames.EXPECT.contentEqualsIgnoreCase(name);
  }

  /** Releases the memory of the head, which is not read again while the answer is held. */
  public void releaseHead() {
    request.headers().clear();
    request.setUri("");
    path = "";
    query = null;
  }

  /**
   * Excludes the time for which the answer was held from the time of the request.
   *
   * @param nanos when the hold began, on the clock of {@link System#nanoTime}
   */
  public void heldSince(long nanos) {
    beganNanos += System.nanoTime() - nanos;
  }

  /** Releases the memory of the body. */
  public void releaseBody() {
    body.release();
  }

  /** Counts and times the request, without its hold; its answer has been sent. */
  public void answered(int status, RequestMetrics metrics) {
    metrics.answered(exchange.endpointName(), status, System.nanoTime() - beganNanos);
  }
}
