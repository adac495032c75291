package io.ratelimiter.service.decisions.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.schemas.AsyncApi;
import io.ratelimiter.service.decisions.series.Epoch;
import io.ratelimiter.service.decisions.series.EventKind;
import io.ratelimiter.service.decisions.series.IssuedSeries;
import io.ratelimiter.service.decisions.series.OutgoingEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.json.JsonMapper;

class EventSenderTests {

  private static final int ID_BYTES = 256;
  private static final int VALUE_BYTES = 8_000;
  private static final int EVENT_BYTES = 1_024 + ID_BYTES + VALUE_BYTES;

  private final IssuedSeries series =
      Epoch.begin("node-1", null, "decisions", 1, Instant.EPOCH).series().getFirst();

  private OutgoingEvent event() {
    return event(EventKind.DECISION, "correlation");
  }

  private OutgoingEvent event(EventKind kind, @Nullable String correlationId) {
    return new OutgoingEvent(
        series,
        series.issue(),
        kind,
        "id",
        correlationId,
        1,
        new byte[ID_BYTES],
        new byte[VALUE_BYTES]);
  }

  @Test
  void unacknowledgedEventsStayWithinTheirMemoryBound() {
    MockProducer<byte[], byte[]> producer =
        new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
    EventSender sender =
        new EventSender(producer, "/rate-limiter/node-1", new UnackedEvents(10 * EVENT_BYTES));
    int sent = 0;
    while (sender.hasRoom()) {
      sender.send(event(), (_, _) -> {});
      sent++;
    }
    assertThat(sent).isEqualTo(10);
    assertThat(producer.history()).allMatch(record -> record.topic().equals("decisions"));
    producer.completeNext();
    assertThat(sender.hasRoom()).isTrue();
    sender.send(event(), (_, _) -> {});
    producer.errorNext(new IllegalStateException("not taken"));
    assertThat(sender.hasRoom()).isTrue();
  }

  @ParameterizedTest
  @EnumSource(EventKind.class)
  void aRecordHasTheHeadersInAsyncapiJson(EventKind kind) {
    MockProducer<byte[], byte[]> producer =
        new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    new EventSender(producer, "/rate-limiter/node-1", new UnackedEvents(EVENT_BYTES))
        .send(event(kind, kind == EventKind.LEDGER ? null : "correlation"), (_, _) -> {});

    Map<String, String> headers = new TreeMap<>();
    for (Header header : producer.history().getFirst().headers()) {
      headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8));
    }
    AsyncApi api = AsyncApi.shipped();
    assertThat(headers.keySet()).isEqualTo(api.requiredHeaders(kind.wireName()));
    assertThat(api.faultsOfHeaders(kind.wireName(), new JsonMapper().writeValueAsString(headers)))
        .isEmpty();
  }
}
