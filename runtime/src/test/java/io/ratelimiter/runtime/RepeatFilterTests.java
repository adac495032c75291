package io.ratelimiter.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RepeatFilterTests {

  private final LoggerContext context = new LoggerContext();
  private final ListAppender<ILoggingEvent> written = new ListAppender<>();
  private RepeatFilter filter;

  @BeforeEach
  void installFilter() {
    written.setContext(context);
    written.start();
    context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(written);
    filter = RepeatFilter.installOn(context);
  }

  @Test
  void aFaultOfEveryRequestIsFiveLinesNotAThousand() {
    Logger log = context.getLogger("io.ratelimiter.Somewhere");

    IntStream.range(0, 1_000).forEach(i -> log.error("request {} failed", i));

    assertThat(written.list).hasSize(5);
    assertThat(filter.suppressed()).isEqualTo(995);
  }

  @Test
  void formattedMessagesThatDifferInNumbersAreOfOneKind() {
    Logger log = context.getLogger("org.apache.kafka.Somewhere");

    IntStream.range(0, 1_000).forEach(i -> log.warn("skipped offset " + i + " of node " + i));

    assertThat(written.list).hasSize(5);
  }

  @Test
  void messagesThatDifferInARandomIdAreOfOneKind() {
    Logger log = context.getLogger("org.apache.kafka.Somewhere");

    new Random(7)
        .ints(1_000)
        .forEach(id -> log.warn("member consumer-" + Integer.toHexString(id) + "7f was removed"));

    assertThat(written.list).hasSize(5);
  }

  @Test
  void messagesThatDifferOnlyFarFromTheirBeginningAreOfOneKind() {
    Logger log = context.getLogger("org.apache.kafka.Somewhere");

    IntStream.range(0, 20).forEach(i -> log.warn("x".repeat(200) + "y".repeat(i)));

    assertThat(written.list).hasSize(5);
  }

  @Test
  void linesOfAnotherKindPass() {
    IntStream.range(0, 20).forEach(i -> context.getLogger("one").warn("the same"));
    context.getLogger("one").warn("another");
    context.getLogger("two").warn("the same");

    assertThat(written.list).hasSize(5 + 1 + 1);
  }

  @Test
  void informationIsNeverSuppressed() {
    IntStream.range(0, 20).forEach(i -> context.getLogger("one").info("the same"));

    assertThat(written.list)
        .hasSize(20)
        .extracting(ILoggingEvent::getLevel)
        .containsOnly(Level.INFO);
  }

  @Test
  void messagesOfTheExporterAreLoggedOnceWhateverTheirText() {
    context
        .getLogger("io.opentelemetry.exporter.internal.grpc.GrpcExporter")
        .warn("connection refused");
    context.getLogger("io.opentelemetry.exporter.internal.http.HttpExporter").error("timeout");

    assertThat(written.list)
        .extracting(ILoggingEvent::getMessage)
        .containsExactly("connection refused");
  }

  @Test
  void aStoppedFilterSuppressesNothing() {
    filter.stop();

    IntStream.range(0, 20).forEach(i -> context.getLogger("one").warn("the same"));

    assertThat(written.list).hasSize(20);
  }
}
