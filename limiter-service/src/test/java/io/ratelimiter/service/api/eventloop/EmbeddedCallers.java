package io.ratelimiter.service.api.eventloop;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.ratelimiter.service.api.BodyBudget;
import io.ratelimiter.service.api.Drain;
import io.ratelimiter.service.api.EndpointList;
import io.ratelimiter.service.api.RequestMetrics;
import io.ratelimiter.service.api.Routes;
import io.ratelimiter.service.api.endpoints.Endpoint;
import io.ratelimiter.service.api.eventloop.request.StrictRequestDecoder;
import io.ratelimiter.service.api.http.Answer;
import io.ratelimiter.service.api.http.ProblemWriter;
import io.ratelimiter.service.api.http.RequestHead;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** Connections on embedded channels, and an endpoint that answers when the test completes it. */
final class EmbeddedCallers {

  static final int MAX_INCOMPLETE = 100;

  final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  final HeldAnswers held = new HeldAnswers(registry);
  final Drain drain = new Drain();
  final Scripted endpoint = new Scripted();
  final EmbeddedChannel channel = new EmbeddedChannel();
  final LoopCallers callers =
      new LoopCallers(channel.eventLoop(), Duration.ofSeconds(75), MAX_INCOMPLETE);

  void connect(EmbeddedChannel caller, Duration bound) {
    EndpointList endpoints =
        new EndpointList(
            List.of(
                new EndpointList.Entry("check", "/v1/check", true, endpoint),
                new EndpointList.Entry("authz", "/v1/authz", true, endpoint)));
    SharedParts shared =
        new SharedParts(
            properties(bound),
            drain,
            new BodyBudget(),
            new RequestMetrics(registry, endpoints),
            (_, _) -> false,
            held);
    AnswerEncoder encoder = new AnswerEncoder();
    Routes routes = Routes.ofCheckPort(endpoints, new ProblemWriter());
    caller
        .pipeline()
        .addLast(
            new StrictRequestDecoder(),
            encoder,
            new CallerConnection(shared, routes, callers, caller, encoder));
  }

  private static FrontDoorProperties properties(Duration bound) {
    return new FrontDoorProperties(
        InetAddress.getLoopbackAddress(),
        0,
        0,
        100,
        bound,
        bound,
        bound,
        bound,
        bound,
        bound,
        List.of(),
        true);
  }

  void tick() {
    channel.advanceTimeBy(500, TimeUnit.MILLISECONDS);
    channel.runScheduledPendingTasks();
  }

  static String request(String header) {
    return "GET /v1/authz HTTP/1.1\r\nHost: a\r\n" + header + "\r\n";
  }

  static void send(EmbeddedChannel caller, String text) {
    caller.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
  }

  static List<String> answers(EmbeddedChannel caller) {
    StringBuilder all = new StringBuilder();
    for (ByteBuf part = caller.readOutbound(); part != null; part = caller.readOutbound()) {
      all.append(part.toString(StandardCharsets.US_ASCII));
      part.release();
    }
    return all.isEmpty() ? List.of() : List.of(all.toString().split("(?=HTTP/1.1 )"));
  }

  /** Answers when the test completes the future, and fails where the test configures it. */
  static final class Scripted implements Endpoint {

    final Deque<CompletableFuture<Answer>> pending = new ArrayDeque<>();
    boolean broken;

    @Override
    public int maxBodyBytes() {
      if (broken) {
        throw new IllegalStateException("broken by the test");
      }
      return 0;
    }

    @Override
    public void admit(RequestHead head) {
      if (head.header("X-Fault") != null) {
        throw new IllegalStateException("a fault of the test");
      }
    }

    @Override
    public CompletionStage<Answer> answer(RequestHead head, String correlationId, byte[] body) {
      CompletableFuture<Answer> answer = new CompletableFuture<>();
      pending.add(answer);
      return answer;
    }
  }
}
