package io.ratelimiter.service.decisions.spool.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.schemas.Bounds;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events up to the max size in the spool's file. */
class LongEventsTests {

  private static final long MAX_BYTES = SpoolFile.MIN_BYTES;

  @TempDir Path folder;

  @Test
  void itsLogHasRoomForABatchThatEndsWithTheLongestEvent() throws SQLException {
    try (SpoolFolder spool = SpoolFolder.lock(folder);
        SpoolFile file = SpoolOpening.open(spool, MAX_BYTES)) {
      // Two rows of this size do not fit into a page.
      List<SpooledEvent> batch = new ArrayList<>();
      for (int i = 0; i < SpoolFile.BATCH_BYTES / 2_100; i++) {
        batch.add(event(2_100));
      }
      batch.add(event(Bounds.MAX_EVENT_BYTES));
      for (int i = 0; i < 8; i++) {
        file.append(List.of(event(2_100)));
        file.append(batch);
        assertThat(spool.bytes()).isLessThanOrEqualTo(MAX_BYTES);
      }
    }
  }

  @Test
  void longEventsAreReadInBatchesOfTheirSize() throws SQLException {
    try (SpoolFolder spool = SpoolFolder.lock(folder);
        SpoolFile file = SpoolOpening.open(spool, 4 * MAX_BYTES)) {
      assertThat(file.append(Collections.nCopies(5, event(Bounds.MAX_EVENT_BYTES)))).isEqualTo(5);

      List<SpooledEvent> first = file.readExcept(List.of(), 0, 500);
      assertThat(first).hasSize(2);
      assertThat(file.readExcept(List.of(), first.getLast().row(), 500)).hasSize(2);
      assertThat(file.read("e1", first.getLast().row() + 2, 500)).hasSize(1);
    }
  }

  /** An event whose value has this length, bytes. */
  private static SpooledEvent event(int bytes) {
    SpooledEvent e = TornSpoolTests.event(1);
    return new SpooledEvent(
        0,
        e.epoch(),
        e.partition(),
        e.seq(),
        e.kind(),
        e.eventId(),
        e.correlationId(),
        e.timeMicros(),
        e.key(),
        new byte[bytes],
        e.spooledAtMillis());
  }
}
