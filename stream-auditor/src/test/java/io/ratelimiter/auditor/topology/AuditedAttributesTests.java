package io.ratelimiter.auditor.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.auditor.TestDecision;
import io.ratelimiter.schemas.EventHeaders;
import io.ratelimiter.schemas.EventWriter;
import io.ratelimiter.schemas.SeriesPosition;
import io.ratelimiter.schemas.audit.AuditRow;
import io.ratelimiter.schemas.audit.Dimensions;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Events with attributes are audited as events without. */
class AuditedAttributesTests {

  private static final long T = AuditHarness.START_MILLIS;
  private static final SeriesPosition FIRST = new SeriesPosition("one", "a", 0, 1);
  private static final SeriesPosition SECOND = new SeriesPosition("one", "a", 0, 2);

  private final EventWriter writer = new EventWriter();

  @Test
  void attributesAndCountersChangeNoRow() {
    Map<Dimensions, AuditRow> without = rows(text -> text);
    Map<Dimensions, AuditRow> with = rows(AuditedAttributesTests::counted);

    assertThat(without).hasSizeGreaterThan(3);
    assertThat(with).isEqualTo(without);
  }

  private Map<Dimensions, AuditRow> rows(UnaryOperator<String> change) {
    try (AuditHarness audit = new AuditHarness()) {
      send(
          audit,
          EventHeaders.TYPE_DECISION,
          change,
          writer.decision(TestDecision.blocked("c", T * 1000).at(FIRST)));
      send(
          audit,
          EventHeaders.TYPE_ADJUSTMENT,
          change,
          writer.adjustment(TestRows.adjustment("default", "c", 1, SECOND, T * 1000)));
      assertThat(audit.readPublished().dead()).isEmpty();
      return audit.rows();
    }
  }

  private static void send(
      AuditHarness audit, String type, UnaryOperator<String> change, byte[] value) {
    String text = change.apply(new String(value, StandardCharsets.UTF_8));
    audit.send("default/c", type, text.getBytes(StandardCharsets.UTF_8), T);
  }

  private static String counted(String event) {
    String counted =
        event
            .replace("\"cost\":", "\"attributes\":{\"ip\":\"::1\",\"plan\":\"pro\"},\"cost\":")
            .replace("\"shared\":", "\"by\":[\"ip\"],\"counter\":[\"::1\"],\"shared\":");
    assertThat(counted).contains("attributes", "counter");
    return counted;
  }
}
