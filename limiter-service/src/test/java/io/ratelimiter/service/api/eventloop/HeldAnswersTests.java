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
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import io.ratelimiter.service.api.DrainBeforeStop;
import io.ratelimiter.service.api.http.Answer;
import io.ratelimiter.service.api.http.Hold;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HeldAnswersTests {

  private static final Answer LATER = new Answer(201, List.of(), null, new byte[0]);
  private static final Answer NOW =
      new Answer(200, List.of(), null, new byte[0]).held(new Hold(2_000_000, _ -> LATER));

  private final EmbeddedCallers embedded = new EmbeddedCallers();
  private final EmbeddedChannel channel = embedded.channel;

  @Test
  void anAnswerIsSentAfterItsWaitWhateverTheTimeLimitOfAnAnswer() {
    hold(Duration.ZERO);
    pass(1_999);
    assertThat(answers(channel)).isEmpty();
    assertThat(held()).isEqualTo(1);
    pass(1);
    assertThat(answers(channel)).singleElement().asString().startsWith("HTTP/1.1 201 ");
    assertThat(held()).isZero();
  }

  @Test
  void requestsBehindAHeldOneAreAnsweredAfterIt() {
    embedded.connect(channel, Duration.ofHours(1));
    send(channel, request("") + request(""));
    embedded.endpoint.pending.remove().complete(NOW);
    assertThat(embedded.endpoint.pending).isEmpty();
    pass(2_000);
    embedded.endpoint.pending.remove().complete(LATER);
    assertThat(answers(channel)).hasSize(2);
    assertThat(channel.isOpen()).isTrue();
  }

  @Test
  void tooManyRequestsBehindAHeldOneEndItsHold() {
    hold(Duration.ofHours(1));
    send(channel, request("") + request(""));
    assertThat(answers(channel)).isEmpty();
    send(channel, request(""));
    assertThat(answers(channel)).singleElement().asString().startsWith("HTTP/1.1 201 ");
    assertThat(held()).isZero();
  }

  @Test
  void anAnswerWithTooManyRequestsBehindItIsNotHeld() {
    embedded.connect(channel, Duration.ofHours(1));
    send(channel, request("").repeat(4));
    embedded.endpoint.pending.remove().complete(NOW);
    assertThat(answers(channel)).singleElement().asString().startsWith("HTTP/1.1 200 ");
    embedded.endpoint.pending.remove().complete(NOW);
    assertThat(answers(channel)).isEmpty();
    assertThat(held()).isEqualTo(1);
  }

  @Test
  void whatArrivedBehindHeldAnswersIsBoundedAsIncompleteRequestsAre() {
    List<EmbeddedChannel> all = new ArrayList<>();
    for (int i = 0; i < EmbeddedCallers.MAX_INCOMPLETE + 1; i++) {
      EmbeddedChannel caller = new EmbeddedChannel();
      all.add(caller);
      embedded.connect(caller, Duration.ofHours(1));
      send(caller, request("") + "G");
      embedded.endpoint.pending.remove().complete(NOW);
    }
    assertThat(answers(all.getFirst())).singleElement().asString().startsWith("HTTP/1.1 201 ");
    assertThat(held()).isEqualTo(EmbeddedCallers.MAX_INCOMPLETE);
    send(all.get(1), "E");
    assertThat(answers(all.get(1))).isEmpty();
    all.forEach(EmbeddedChannel::close);
  }

  @Test
  void aCallerThatDisconnectsIsNoLongerHeldAndItsRequestIsCounted() {
    hold(Duration.ofHours(1));
    channel.close();
    assertThat(held()).isZero();
    assertThat(
            embedded
                .registry
                .get("ratelimiter.http.requests")
                .tags("endpoint", "authz", "status", "200")
                .counter()
                .count())
        .isEqualTo(1);
    pass(2_000);
    assertThat(answers(channel)).isEmpty();
  }

  @Test
  void aCallerThatEndsItsInputGetsItsAnswerAtOnce() {
    hold(Duration.ofHours(1));
    channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
    assertThat(answers(channel)).singleElement().asString().startsWith("HTTP/1.1 201 ");
    assertThat(held()).isZero();
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void heldAnswersAreReleased() {
    hold(Duration.ofHours(1));
    embedded.callers.releaseHeld();
    channel.runPendingTasks();
    assertThat(answers(channel)).hasSize(1);
    assertThat(held()).isZero();
    pass(2_000);
    assertThat(answers(channel)).as("a second answer").isEmpty();
  }

  @Test
  void aServiceThatIsAboutToStopHoldsNothing() {
    new DrainBeforeStop(embedded.drain, Duration.ZERO).stop();
    hold(Duration.ofHours(1));
    assertThat(answers(channel)).singleElement().asString().startsWith("HTTP/1.1 200 ");
  }

  @Test
  void beyondTheMaxAnAnswerIsSentAtOnceUntilAnotherHoldEnds() {
    for (int i = 0; i < 10_000; i++) {
      assertThat(embedded.held.enter()).isTrue();
    }
    hold(Duration.ofHours(1));
    assertThat(answers(channel)).singleElement().asString().startsWith("HTTP/1.1 200 ");
    assertThat(held()).isEqualTo(10_000);
    embedded.held.leave();
    send(channel, request(""));
    embedded.endpoint.pending.remove().complete(NOW);
    assertThat(answers(channel)).isEmpty();
    assertThat(held()).isEqualTo(10_000);
  }

  @Test
  void anAnswerThatCannotBeMadeAfterItsWaitClosesTheConnection() {
    embedded.connect(channel, Duration.ofHours(1));
    send(channel, request(""));
    Hold failing =
        new Hold(
            1_000,
            _ -> {
              throw new IllegalStateException("a fault of the test");
            });
    embedded.endpoint.pending.remove().complete(LATER.held(failing));
    pass(1);
    assertThat(channel.isOpen()).isFalse();
    assertThat(held()).isZero();
  }

  @Test
  void aCallerThatDoesNotReadItsHeldAnswerIsDisconnected() {
    channel
        .pipeline()
        .addLast(
            new ChannelOutboundHandlerAdapter() {
              @Override
              public void write(
                  ChannelHandlerContext context, Object part, ChannelPromise promise) {
                // Never sent.
                ReferenceCountUtil.release(part);
              }
            });
    hold(Duration.ofSeconds(1));
    pass(2_000);
    assertThat(channel.isOpen()).isTrue();
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> {
          embedded.tick();
          return !channel.isOpen();
        });
  }

  private void hold(Duration bound) {
    embedded.connect(channel, bound);
    send(channel, request(""));
    embedded.endpoint.pending.remove().complete(NOW);
  }

  private void pass(long millis) {
    channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
    channel.runScheduledPendingTasks();
  }

  private double held() {
    return embedded.registry.get("ratelimiter.held.checks").gauge().value();
  }
}
