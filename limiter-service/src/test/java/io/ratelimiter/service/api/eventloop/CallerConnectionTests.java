package io.ratelimiter.service.api.eventloop;

import static io.ratelimiter.service.api.eventloop.EmbeddedCallers.answers;
import static io.ratelimiter.service.api.eventloop.EmbeddedCallers.request;
import static io.ratelimiter.service.api.eventloop.EmbeddedCallers.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.EncoderException;
import io.netty.util.ReferenceCountUtil;
import io.ratelimiter.service.api.eventloop.EmbeddedCallers.Scripted;
import io.ratelimiter.service.api.http.Answer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class CallerConnectionTests {

  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final Answer YES = new Answer(200, List.of(), null, new byte[0]);

  private final EmbeddedCallers embedded = new EmbeddedCallers();
  private final Scripted endpoint = embedded.endpoint;
  private final EmbeddedChannel channel = embedded.channel;

  @Test
  void requestsInOnePieceAreAnsweredInTurn() {
    embedded.connect(channel, Duration.ofHours(1));
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
    embedded.connect(channel, Duration.ofHours(1));
    send(channel, request("") + request("X-Fault: 1\r\n") + request(""));
    endpoint.pending.remove().complete(YES);

    assertThat(answers(channel)).hasSize(1);
    assertThat(channel.isOpen()).isFalse();
    assertThat(endpoint.pending).isEmpty();
  }

  @Test
  void aFailingConnectionDoesNotStopTheClockOfTheOthers() {
    embedded.connect(channel, Duration.ZERO);
    send(channel, "POST /v1/check HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n");
    endpoint.broken = true;
    embedded.tick();
    assertThat(channel.isOpen()).as("the fault").isTrue();

    EmbeddedChannel later = new EmbeddedChannel();
    embedded.connect(later, Duration.ZERO);
    embedded.tick();
    assertThat(later.isOpen()).isFalse();
  }

  @Test
  void aCheckWhoseCallerDisconnectedIsCountedWhenItIsDecided() {
    embedded.connect(channel, Duration.ofHours(1));
    send(channel, request(""));
    channel.close();
    endpoint.pending.remove().complete(YES);

    assertThat(
            embedded
                .registry
                .get("ratelimiter.http.requests")
                .tags("endpoint", "authz", "status", "200")
                .counter()
                .count())
        .isEqualTo(1);
  }

  @Test
  void anAnswerThatCannotBeDeliveredClosesTheConnectionAndIsLogged(CapturedOutput output) {
    embedded.connect(channel, Duration.ofHours(1));
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
    embedded.connect(channel, Duration.ofHours(1));
    send(channel, request(""));
    endpoint.pending.remove().complete(YES);

    assertThat(channel.isOpen()).isFalse();
    assertThat(output).contains("a fault of the test");
  }

  @Test
  void anIncompleteRequestMayStillCompleteWhenTheServiceStops() {
    embedded.connect(channel, Duration.ofHours(1));
    send(channel, "GET /v1/aut");
    embedded.callers.closeIdle();
    channel.runPendingTasks();
    assertThat(channel.isOpen()).isTrue();

    await()
        .atMost(LIMIT)
        .until(() -> {
          embedded.tick();
          return !channel.isOpen();
        });
  }
}
