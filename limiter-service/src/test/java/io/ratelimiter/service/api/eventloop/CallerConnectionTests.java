package io.ratelimiter.service.api.eventloop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.EncoderException;
import io.netty.util.ReferenceCountUtil;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class CallerConnectionTests {

  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final Answer YES = new Answer(200, List.of(), null, new byte[0]);

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final HeldAnswers held = new HeldAnswers(registry);
  private final Drain drain = new Drain();
  private final Scripted endpoint = new Scripted();
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final LoopCallers callers =
      new LoopCallers(channel.eventLoop(), Duration.ofSeconds(75), 100);

  @Test
  void requestsInOnePieceAreAnsweredInTurn() {
    connect(channel, Duration.ofHours(1));
    send(channel, request("") + request("") + request(""));
    for (int i = 0; i < 3; i++) {
      assertThat(endpoint.pending).hasSize(1);
      endpoint.pending.remove().complete(YES);
    }
    assertThat(answers(channel)).hasSize(3).allMatch(answer -> answer.startsWith("HTTP/1.1 200 "));
    assertThat(channel.isOpen()).isTrue();
  }

  @Test
  void aFaultInAWaitingRequestClosesTheConnection() {
    connect(channel, Duration.ofHours(1));
    send(channel, request("") + request("X-Fault: 1\r\n") + request(""));
    endpoint.pending.remove().complete(YES);

    assertThat(answers(channel)).hasSize(1);
    assertThat(channel.isOpen()).isFalse();
    assertThat(endpoint.pending).isEmpty();
  }

  @Test
  void aFailingConnectionDoesNotStopTheClockOfTheOthers() {
    connect(channel, Duration.ZERO);
    send(channel, "POST /v1/check HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n");
    endpoint.broken = true;
    tick();
    assertThat(channel.isOpen()).as("the fault").isTrue();

    EmbeddedChannel later = new EmbeddedChannel();
    connect(later, Duration.ZERO);
    tick();
    assertThat(later.isOpen()).isFalse();
  }

  @Test
  void aCheckWhoseCallerDisconnectedIsCountedWhenItIsDecided() {
    connect(channel, Duration.ofHours(1));
    send(channel, request(""));
    channel.close();
    endpoint.pending.remove().complete(YES);

    assertThat(
            registry
                .get("ratelimiter.http.requests")
                .tags("endpoint", "authz", "status", "200")
                .counter()
                .count())
        .isEqualTo(1);
  }

  @Test
  void anAnswerThatCannotBeDeliveredClosesTheConnectionAndIsLogged(CapturedOutput output) {
    connect(channel, Duration.ofHours(1));
    send(channel, request(""));
    endpoint.pending.remove().complete(new Answer(-1, List.of(), null, new byte[0]));

    assertThat(channel.isOpen()).isFalse();
    assertThat(output).contains("A connection is closed after a fault");
  }

  @Test
  void anAnswerThatCannotBeEncodedClosesTheConnectionAndIsLogged(CapturedOutput output) {
    channel
        .pipeline()
        .addLast(
            new ChannelOutboundHandlerAdapter() {
              @Override
              public void write(
                  ChannelHandlerContext context, Object part, ChannelPromise promise) {
                ReferenceCountUtil.release(part);
                promise.setFailure(new EncoderException("a fault of the test"));
              }
            });
    connect(channel, Duration.ofHours(1));
    send(channel, request(""));
    endpoint.pending.remove().complete(YES);

    assertThat(channel.isOpen()).isFalse();
    assertThat(output).contains("a fault of the test");
  }

  @Test
  void anIncompleteRequestMayStillCompleteWhenTheServiceStops() {
    connect(channel, Duration.ofHours(1));
    send(channel, "GET /v1/aut");
    callers.closeIdle();
    channel.runPendingTasks();
    assertThat(channel.isOpen()).isTrue();

    await()
        .atMost(LIMIT)
        .until(() -> {
          tick();
          return !channel.isOpen();
        });
  }

  private void connect(EmbeddedChannel caller, Duration bound) {
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

  private void tick() {
    channel.advanceTimeBy(500, TimeUnit.MILLISECONDS);
    channel.runScheduledPendingTasks();
  }

  private static String request(String header) {
    return "GET /v1/authz HTTP/1.1\r\nHost: a\r\n" + header + "\r\n";
  }

  private static void send(EmbeddedChannel caller, String text) {
    caller.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
  }

  private static List<String> answers(EmbeddedChannel caller) {
    StringBuilder all = new StringBuilder();
    for (ByteBuf part = caller.readOutbound(); part != null; part = caller.readOutbound()) {
      all.append(part.toString(StandardCharsets.US_ASCII));
      part.release();
    }
    return all.isEmpty() ? List.of() : List.of(all.toString().split("(?=HTTP/1.1 )"));
  }

  /** Answers when the test completes the future, and fails where the test configures it. */
  private static final class Scripted implements Endpoint {

    private final Deque<CompletableFuture<Answer>> pending = new ArrayDeque<>();
    private boolean broken;

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
