package io.ratelimiter.auditor.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.ratelimiter.auditor.TestDecision;
import io.ratelimiter.auditor.TestTerms;
import io.ratelimiter.auditor.topology.AuditTopology;
import io.ratelimiter.schemas.EventHeaders;
import io.ratelimiter.schemas.EventWriter;
import io.ratelimiter.schemas.SeriesPosition;
import io.ratelimiter.schemas.topics.Topics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Log lines about records, with the topology of the audit and its state on disk. */
class LoggedExceptionHandlerIT {

  private static final byte[] DECISION =
      new EventWriter()
          .decision(TestDecision.allowed("c", 1).at(new SeriesPosition("one", "a", 0, 1)));

  @TempDir private Path state;

  private final List<Logger> logs =
      Stream.of("org.apache.kafka.streams.errors", "io.ratelimiter.auditor.topology")
          .map(name -> (Logger) LoggerFactory.getLogger(name))
          .toList();
  private final ListAppender<ILoggingEvent> written =
      new ListAppender<>() {
        @Override
        protected void append(ILoggingEvent line) {
          // Captures the thread's context, which is read with the first access otherwise.
          line.prepareForDeferredProcessing();
          super.append(line);
        }
      };

  @BeforeEach
  void attach() {
    written.start();
    logs.forEach(log -> log.addAppender(written));
  }

  @AfterEach
  void detach() {
    logs.forEach(log -> log.detachAppender(written));
  }

  @Test
  void aLineOfARecordThatCannotBeReadNamesItsCorrelationId() {
    send(new byte[0], "check-1", 0);
    assertThat(correlationIds()).containsExactly("check-1");
  }

  @Test
  void aLineOfAFaultOfOursNamesTheCorrelationIdOfTheDecision() {
    assertThatThrownBy(() -> send(DECISION, "check-1", 1)).isInstanceOf(StreamsException.class);
    assertThat(correlationIds()).containsExactly("check-1");
  }

  /** A record may have any text, and a log line must not. */
  @Test
  void anInvalidCorrelationIdIsInNoLine() {
    assertThatThrownBy(() -> send(DECISION, "a\nb", 1)).isInstanceOf(StreamsException.class);
    assertThat(correlationIds()).containsExactly("");
  }

  private Iterable<String> correlationIds() {
    return written.list.stream()
        .map(line -> line.getMDCPropertyMap().get("correlation_id"))
        .toList();
  }

  private void send(byte[] value, String correlationId, int faults) {
    RecordHeaders headers = new RecordHeaders();
    headers.add(EventHeaders.CE_TYPE, utf8(EventHeaders.TYPE_DECISION));
    headers.add(EventHeaders.CORRELATION_ID, utf8(correlationId));
    try (TopologyTestDriver driver =
        new TopologyTestDriver(
            AuditTopology.build(TestTerms.DEFAULT, new FailingCounts(faults)), settings())) {
      driver
          .createInputTopic(Topics.DECISIONS, new ByteArraySerializer(), new ByteArraySerializer())
          .pipeInput(new TestRecord<>(utf8("default/c"), value, headers));
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private Properties settings() {
    Properties settings = new Properties();
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "audit");
    settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:1");
    settings.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
    settings.put(
        StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG, LoggedExceptionHandler.class);
    return settings;
  }
}
