package io.ratelimiter.service.decisions.spool.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratelimiter.service.decisions.series.EpochName;
import io.ratelimiter.service.decisions.series.EpochRow;
import io.ratelimiter.service.decisions.series.SeriesCounts;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolFileTests {

  private static final long MAX_BYTES = SpoolFile.MIN_BYTES;

  private static final EpochName EPOCH = new EpochName("e1", "node-1", "eu", "decisions");

  @TempDir Path folder;

  @Test
  void appendedEventsAreReadInOrderUntilDeleted() throws SQLException {
    try (SpoolFolder spool = SpoolFolder.lock(folder);
        SpoolFile file = SpoolOpening.open(spool, MAX_BYTES)) {
      assertThat(file.append(events(1, 10))).isEqualTo(10);
      assertThat(file.append(events(11, 20))).isEqualTo(10);

      List<SpooledEvent> first = file.read(0, 15);
      assertThat(first).extracting(SpooledEvent::seq).containsExactlyElementsOf(numbers(1, 15));
      file.delete(first.stream().map(SpooledEvent::row).toList());
      assertThat(file.read(0, 15))
          .extracting(SpooledEvent::seq)
          .containsExactlyElementsOf(numbers(16, 20));
    }
  }

  @Test
  void readingOnFromTheLastRowFindsAllEventsAppendedAfterADeletionOfAll() throws SQLException {
    try (SpoolFolder spool = SpoolFolder.lock(folder);
        SpoolFile file = SpoolOpening.open(spool, MAX_BYTES)) {
      file.append(events(1, 10));
      List<Long> rows = file.read(0, 10).stream().map(SpooledEvent::row).toList();
      file.delete(rows);

      file.append(events(11, 12));

      assertThat(file.read(rows.getLast(), 10))
          .extracting(SpooledEvent::seq)
          .containsExactlyElementsOf(numbers(11, 12));
    }
  }

  @Test
  void anotherProcessFindsEpochsAndCounts() throws SQLException {
    EpochRow row = new EpochRow(EPOCH, 12, true, false);
    SeriesCounts counts = new SeriesCounts(3, 5, 4, 1, 1, 0);
    try (SpoolFolder spool = SpoolFolder.lock(folder);
        SpoolFile file = SpoolOpening.open(spool, MAX_BYTES)) {
      file.write(row);
      file.write("e1", List.of(counts));
      file.append(events(8, 9));
    }
    try (SpoolFolder spool = SpoolFolder.lock(folder);
        SpoolFile file = SpoolOpening.open(spool, MAX_BYTES)) {
      assertThat(file.epochs()).containsExactly(row);
      assertThat(file.series("e1")).containsExactly(new SeriesCounts(3, 9, 4, 1, 1, 2));
      file.delete(file.read(0, 10).stream().map(SpooledEvent::row).toList());
      file.delete("e1");
      assertThat(file.epochs()).isEmpty();
      assertThat(file.series("e1")).isEmpty();
    }
  }

  /** An earlier version knew one topic, and finds its tables as it left them. */
  @Test
  void anEpochOfAnEarlierVersionBelongsToTheTopicOfThen() throws SQLException {
    try (SpoolFolder spool = SpoolFolder.lock(folder)) {
      SpoolOpening.open(spool, MAX_BYTES).close();
      try (SpoolDatabase earlier = SpoolDatabase.open(spool.file())) {
        earlier.execute("drop table origin");
        earlier.execute("insert or replace into epoch values ('e1', 'node-1', 12, 1, 0)");
      }
      try (SpoolFile file = SpoolOpening.open(spool, MAX_BYTES)) {
        EpochName name = new EpochName("e1", "node-1", null, "ratelimiter.decisions.v1");
        assertThat(file.epochs()).containsExactly(new EpochRow(name, 12, true, false));
      }
    }
  }

  @Test
  void itNeverExceedsItsMaxSizeAndKeepsTheOldest() throws SQLException {
    try (SpoolFolder spool = SpoolFolder.lock(folder);
        SpoolFile file = SpoolOpening.open(spool, MAX_BYTES)) {
      long appended = 0;
      for (long seq = 1; seq < 8_000; seq += 100) {
        appended += file.append(events(seq, seq + 99));
        assertThat(spool.bytes()).isLessThanOrEqualTo(MAX_BYTES);
      }
      assertThat(appended).isBetween(2_500L, 5_000L);
      assertThat(file.read(appended - 1, 10)).hasSize(1);
    }
  }

  @Test
  void deletedEventsMakeRoomAndAnEmptySpoolFreesTheDisk() throws SQLException {
    try (SpoolFolder spool = SpoolFolder.lock(folder);
        SpoolFile file = SpoolOpening.open(spool, MAX_BYTES)) {
      file.append(events(1, 2_000));
      file.delete(file.read(0, 2_000).stream().map(SpooledEvent::row).toList());
      assertThat(file.append(events(1, 2_000))).isEqualTo(2_000);
      file.delete(file.read(0, 2_000).stream().map(SpooledEvent::row).toList());
      file.shrink();
      assertThat(spool.bytes()).isLessThan(100_000);
    }
  }

  @Test
  void aFullDiskRefusesAWholeBatchAndTheSpoolContinues() throws SQLException {
    try (SpoolFolder spool = SpoolFolder.lock(folder);
        SpoolFile file = SpoolOpening.open(spool, MAX_BYTES)) {
      file.append(events(1, 100));
      file.limitPages(60);
      assertThatThrownBy(() -> file.append(events(101, 1_000)))
          .isInstanceOf(SQLException.class)
          .satisfies(e -> assertThat(SpoolOpening.torn((SQLException) e)).isFalse());

      assertThat(file.read(0, 2_000)).hasSize(100);
      assertThat(file.append(events(101, 110))).isEqualTo(10);
    }
  }

  @Test
  void aRowWhoseBytesChangedOnDiskIsNeverRead() throws Exception {
    try (SpoolFolder spool = SpoolFolder.lock(folder);
        SpoolFile file = SpoolOpening.open(spool, MAX_BYTES)) {
      file.append(events(1, 100));
    }
    flipIn(folder.resolve("spool.db"), "\"decision\":42,");

    try (SpoolFolder spool = SpoolFolder.lock(folder)) {
      try (SpoolFile torn = SpoolOpening.open(spool, MAX_BYTES)) {
        assertThatThrownBy(() -> torn.read(0, 100))
            .isInstanceOf(SQLException.class)
            .satisfies(e -> assertThat(SpoolOpening.torn((SQLException) e)).isTrue());
      }
      try (SpoolFile salvaged = SpoolOpening.salvage(spool, MAX_BYTES)) {
        assertThat(salvaged.read(0, 100))
            .extracting(SpooledEvent::seq)
            .hasSize(99)
            .doesNotContain(42L);
      }
    }
  }

  private static void flipIn(Path file, String text) throws IOException {
    try (RandomAccessFile disk = new RandomAccessFile(file.toFile(), "rw")) {
      byte[] all = new byte[(int) disk.length()];
      disk.readFully(all);
      int place = new String(all, StandardCharsets.ISO_8859_1).indexOf(text);
      assertThat(place).isPositive();
      disk.seek(place + 2);
      disk.write('D');
    }
  }

  private static List<SpooledEvent> events(long from, long to) {
    return numbers(from, to).stream().map(TornSpoolTests::event).toList();
  }

  private static List<Long> numbers(long from, long to) {
    return LongStream.rangeClosed(from, to).boxed().toList();
  }
}
