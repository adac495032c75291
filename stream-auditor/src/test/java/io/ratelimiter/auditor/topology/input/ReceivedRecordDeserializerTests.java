package io.ratelimiter.auditor.topology.input;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.auditor.TestDecision;
import io.ratelimiter.schemas.EventHeaders;
import io.ratelimiter.schemas.EventWriter;
import io.ratelimiter.schemas.SeriesPosition;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class ReceivedRecordDeserializerTests {

  private static final byte[] DECISION =
      new EventWriter()
          .decision(TestDecision.allowed("c", 1).at(new SeriesPosition("one", "a", 0, 1)));

  private final RecordHeaders headers = new RecordHeaders();
  private final ReceivedRecordDeserializer deserializer = new ReceivedRecordDeserializer();

  @Test
  void onlyHeadersOfTracesAndLogsStayOnAReadableRecord() {
    add(EventHeaders.CE_TYPE, EventHeaders.TYPE_DECISION);
    add("correlation-id", "abc");
    add("traceparent", "00-1-2-01");
    add("ce_id", "one-1");

    ReceivedRecord record = deserializer.deserialize("topic", headers, DECISION);

    assertThat(record.event()).isInstanceOf(AuditedEvent.Decision.class);
    assertThat(record.headers()).as("for a dead letter").hasSize(4);

    assertThat(names()).containsExactly("correlation-id", "traceparent");
    assertThat(headers.lastHeader("traceparent").value()).asString().isEqualTo("00-1-2-01");
    assertThat(headers.lastHeader("correlation-id").value()).asString().isEqualTo("abc");
  }

  @Test
  void anUnreadableRecordKeepsItsHeadersForTheDeadLetter() {
    add(EventHeaders.CE_TYPE, EventHeaders.TYPE_DECISION);
    add("correlation-id", "abc");

    ReceivedRecord record = deserializer.deserialize("topic", headers, new byte[0]);

    assertThat(record.event()).isNull();
    assertThat(record.fault()).isEqualTo("value is not a JSON object");
    assertThat(record.headers())
        .extracting(Header::key)
        .containsExactly(EventHeaders.CE_TYPE, "correlation-id");
  }

  private void add(String name, String value) {
    headers.add(name, value.getBytes(StandardCharsets.UTF_8));
  }

  private List<String> names() {
    List<String> names = new ArrayList<>();
    headers.forEach(header -> names.add(header.key()));
    return names;
  }
}
