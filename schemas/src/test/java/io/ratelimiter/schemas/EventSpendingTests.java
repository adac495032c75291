package io.ratelimiter.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Priorities, waits and settlements in events: their defaults, and what no schema can express. */
class EventSpendingTests {

  private static final String WAITED = "decision.v1-low-priority-waited-to-be-settled";
  private static final String ABOVE = "adjustment.v1-settled-above-its-estimate";

  private final EventReader reader = new EventReader();
  private final EventWriter writer = new EventWriter();

  @Test
  void fieldsWithTheirDefaultsAreReadAsAbsentOnesAndNotWritten() throws IOException {
    byte[] plain = writer.decision(reader.decision(with("decision.v1-allowed", "", "")));
    byte[] explicit =
        with(
            "decision.v1-allowed",
            "\"cost\":",
            "\"priority\": \"normal\", \"max_wait_ms\": 0, \"wait_us\": 0, \"settle_within_ms\": 0, \"cost\":");

    DecisionEvent event = reader.decision(explicit);
    assertThat(event.spending()).isSameAs(DecisionEvent.Spending.PLAIN);
    assertThat(event.limits().getFirst().terms()).isSameAs(DecisionEvent.Terms.PLAIN);
    assertThat(writer.decision(event)).isEqualTo(plain);
  }

  @Test
  void aReserveIsBelowTheCapacity() throws IOException {
    assertThat(reader.decision(with(WAITED, "\"reserve\": 10", "\"reserve\": 19")))
        .extracting(event -> event.limits().getFirst().terms().reserve())
        .isEqualTo(19L);
    assertThatThrownBy(() -> reader.decision(with(WAITED, "\"reserve\": 10", "\"reserve\": 20")))
        .isInstanceOf(UnreadableEventException.class)
        .hasMessage("limits[0]: reserve is not below the capacity of the limit");
  }

  @Test
  void aWaitEndsAtMost30SecondsAndAMinuteOfClocksAfterTheDecision() throws IOException {
    byte[] longest = with(WAITED, "1234567", "90000000");

    assertThat(reader.decision(longest).spending().waitMicros()).isEqualTo(90_000_000);
    assertThatThrownBy(() -> reader.decision(with(WAITED, "1234567", "90000001")))
        .hasMessage("wait_us is 90000001, not from 0 to 90000000");
  }

  @Test
  void onlyAnAllowedCheckThatMayWaitWaits() throws IOException {
    assertThatThrownBy(() -> reader.decision(with(WAITED, "\"max_wait_ms\": 5000,", "")))
        .hasMessage("wait_us is above 0, but max_wait_ms is 0");
    Path blocked = example("../invalid/decision.v1-wait-although-blocked");
    assertThatThrownBy(() -> reader.decision(Files.readAllBytes(blocked)))
        .hasMessage("wait_us is above 0, but allowed is false");
  }

  @Test
  void noMoreIsUnchargedThanTheCostExceedsTheEstimateBy() throws IOException {
    byte[] all = with(ABOVE, "\"uncharged\": 30,", "\"uncharged\": 80,");

    assertThat(reader.adjustment(all).settled().uncharged()).isEqualTo(80);
    assertThatThrownBy(
            () -> reader.adjustment(with(ABOVE, "\"uncharged\": 30,", "\"uncharged\": 81,")))
        .hasMessage("uncharged is above what cost exceeds estimate by");
    assertThatThrownBy(() -> reader.adjustment(with(ABOVE, "\"cost\": 180", "\"cost\": 37")))
        .hasMessage("uncharged is above what cost exceeds estimate by");
  }

  @Test
  void theFaultOfAnAdjustmentNamesItsFields() throws IOException {
    assertThatThrownBy(
            () -> reader.adjustment(with(ABOVE, "\"given_back\": 0", "\"given_back\": 1")))
        .hasMessage("limits[0]: given_back and taken are both above 0");
    assertThatThrownBy(() ->
            reader.adjustment(
                with("adjustment.v1-refund", "\"cost\":", "\"estimate\": 3, \"cost\":")))
        .hasMessage("decision_id, estimate or uncharged is present, but kind is refund");
    Path taking = example("../invalid/adjustment.v1-refund-that-takes");
    assertThatThrownBy(() -> reader.adjustment(Files.readAllBytes(taking)))
        .hasMessage("taken or uncharged of a limit is above 0, but kind is refund");
  }

  private static byte[] with(String example, String old, String replacement) throws IOException {
    String text = Files.readString(example(example));
    assertThat(text).contains(old);
    int at = text.indexOf(old);
    return (text.substring(0, at) + replacement + text.substring(at + old.length()))
        .getBytes(StandardCharsets.UTF_8);
  }

  private static Path example(String name) {
    return Path.of("src/test/resources/examples/valid", name + ".json");
  }
}
