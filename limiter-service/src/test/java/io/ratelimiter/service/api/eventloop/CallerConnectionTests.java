package io.ratelimiter.service.api.eventloop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.ratelimiter.service.api.Answer;
import io.ratelimiter.service.api.CorrelationIds;
import io.ratelimiter.service.api.Drain;
import io.ratelimiter.service.api.Endpoint;
import io.ratelimiter.service.api.InFlight;
import io.ratelimiter.service.api.LargeBodies;
import io.ratelimiter.service.api.ProblemWriter;
import io.ratelimiter.service.api.RequestHead;
import io.ratelimiter.service.api.RequestMetrics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CallerConnectionTests {

  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final Answer YES = new Answer(200, List.of(), null, new byte[0]);

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Scripted endpoint = new Scripted();
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final LoopCallers callers =
      new LoopCallers(channel.eventLoop(), Duration.ofSeconds(75), 100);

  @Test
  void requests_that_came_together_are_answered_in_turn() {
    connect(channel, Duration.ofHours(1));
    send(channel, request("") + request("") + request(""));
    for (int i = 0; i < 3; i++) {
      assertThat(endpoint.asked).hasSize(1);
      endpoint.asked.remove().complete(YES);
    }
    assertThat(answers(channel)).hasSize(3).allMatch(answer -> answer.startsWith("HTTP/1.1 200 "));
    assertThat(channel.isOpen()).isTrue();
  }

  @Test
  void a_fault_in_a_request_that_waited_closes_the_connection() {
    connect(channel, Duration.ofHours(1));
    send(channel, request("") + request("X-Fault: 1\r\n") + request(""));
    endpoint.asked.remove().complete(YES);

    assertThat(answers(channel)).hasSize(1);
    assertThat(channel.isOpen()).isFalse();
    assertThat(endpoint.asked).isEmpty();
  }

  @Test
  void a_connection_that_cannot_be_ended_leaves_the_others_their_clock() {
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
  void what_was_asked_by_a_caller_who_went_is_counted_when_it_is_decided() {
    connect(channel, Duration.ofHours(1));
    send(channel, request(""));
    channel.close();
    endpoint.asked.remove().complete(YES);

    assertThat(
            registry
                .get("ratelimiter.http.requests")
                .tags("endpoint", "authz", "status", "200")
                .counter()
                .count())
        .isEqualTo(1);
  }

  @Test
  void who_has_not_asked_when_the_service_stops_gets_a_moment() {
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
    Sharing sharing =
        new Sharing(
            new CorrelationIds(),
            new ProblemWriter(),
            new Drain(),
            new InFlight(),
            new LargeBodies(),
            new RequestMetrics(registry),
            new Timeouts(bound, bound, bound, bound, bound),
            (_, _) -> false);
    AnswerEncoder encoder = new AnswerEncoder();
    Routes routes = Routes.checks(endpoint, endpoint, endpoint);
    caller
        .pipeline()
        .addLast(
            new StrictRequestDecoder(),
            encoder,
            new CallerConnection(sharing, routes, callers, caller, encoder));
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

  /** Answers when the test does, and fails where it says so. */
  private static final class Scripted implements Endpoint {

    private final Deque<CompletableFuture<Answer>> asked = new ArrayDeque<>();
    private boolean broken;

    @Override
    public int maxBodyBytes() {
      if (broken) {
        throw new IllegalStateException("broken, says the test");
      }
      return IGNORED;
    }

    @Override
    public void admit(RequestHead head) {
      if (head.header("X-Fault") != null) {
        throw new IllegalStateException("a fault, says the test");
      }
    }

    @Override
    public CompletionStage<Answer> answer(RequestHead head, String correlationId, byte[] body) {
      CompletableFuture<Answer> answer = new CompletableFuture<>();
      asked.add(answer);
      return answer;
    }
  }
}
