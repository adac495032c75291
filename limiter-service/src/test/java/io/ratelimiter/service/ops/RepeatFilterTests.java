package io.ratelimiter.service.ops;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RepeatFilterTests {

  private final LoggerContext context = new LoggerContext();
  private final ListAppender<ILoggingEvent> written = new ListAppender<>();
  private RepeatFilter filter;

  @BeforeEach
  void install() {
    written.setContext(context);
    written.start();
    context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(written);
    filter = RepeatFilter.installOn(context);
  }

  @Test
  void aFaultThatEveryRequestMeetsIsFiveLinesNotAThousand() {
    Logger log = context.getLogger("io.ratelimiter.Somewhere");

    IntStream.range(0, 1_000).forEach(i -> log.error("request {} failed", i));

    assertThat(written.list).hasSize(5);
    assertThat(filter.suppressed()).isEqualTo(995);
  }

  @Test
  void aMessageThatWasFilledInBeforeIsTheSameForAllItsNumbers() {
    Logger log = context.getLogger("org.apache.kafka.Somewhere");

    IntStream.range(0, 1_000).forEach(i -> log.warn("skipped offset " + i + " of node " + i));

    assertThat(written.list).hasSize(5);
  }

  @Test
  void messagesThatDifferOnlyFarFromTheirBeginAreOfOneKind() {
    Logger log = context.getLogger("org.apache.kafka.Somewhere");

    IntStream.range(0, 20).forEach(i -> log.warn("x".repeat(200) + "y".repeat(i)));

    assertThat(written.list).hasSize(5);
  }

  @Test
  void whatIsOfAnotherKindPasses() {
    IntStream.range(0, 20).forEach(i -> context.getLogger("one").warn("the same"));
    context.getLogger("one").warn("another");
    context.getLogger("two").warn("the same");

    assertThat(written.list).hasSize(5 + 1 + 1);
  }

  @Test
  void informationIsNeverHeldBack() {
    IntStream.range(0, 20).forEach(i -> context.getLogger("one").info("the same"));

    assertThat(written.list)
        .hasSize(20)
        .extracting(ILoggingEvent::getLevel)
        .containsOnly(Level.INFO);
  }

  @Test
  void whatTheExporterSaysIsSaidOnceHoweverItIsPut() {
    context
        .getLogger("io.opentelemetry.exporter.internal.grpc.GrpcExporter")
        .warn("connection refused");
    context.getLogger("io.opentelemetry.exporter.internal.http.HttpExporter").error("timeout");

    assertThat(written.list)
        .extracting(ILoggingEvent::getMessage)
        .containsExactly("connection refused");
  }

  @Test
  void aFilterThatIsStoppedLetsEverythingPass() {
    filter.stop();

    IntStream.range(0, 20).forEach(i -> context.getLogger("one").warn("the same"));

    assertThat(written.list).hasSize(20);
  }
}
