package io.ratelimiter.service.decisions.spool.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.ratelimiter.service.decisions.series.EpochRow;
import io.ratelimiter.service.decisions.series.SeriesCounts;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

class TornSpoolTests {

  private static final long MAX_BYTES = 64L * 1024 * 1024;
  private static final int EVENTS = 800;
  private static final int TEARS = 200;
  private static final long SEED = 20_261_124;

  @TempDir Path folder;

  @Test
  void ofAFileCutAtAnyByteOnlyIntactEventsAreReadAndMostOfThoseBeforeTheCut() throws Exception {
    Map<Long, SpooledEvent> written = new HashMap<>();
    Path whole = write(written);
    long size = Files.size(whole);
    Random random = new Random(SEED);
    long read = 0;
    double expected = 0;
    for (int tear = 0; tear < TEARS; tear++) {
      long end = random.nextLong(size);
      List<SpooledEvent> found = tornAt(whole, end, tear);
      assertThat(found).as("seed %d, tear at %d", SEED, end).allSatisfy(e -> intact(e, written));
      assertThat(found).extracting(SpooledEvent::row).isSorted().doesNotHaveDuplicates();
      read += found.size();
      expected += EVENTS * (double) end / size;
    }
    System.out.printf("seed %d: read %d of about %.0f before the tears%n", SEED, read, expected);
    assertThat(read / expected).isGreaterThan(0.9);
  }

  @Test
  void anEpochIsFinalOnlyWithTheCountsOfItsStop() throws Exception {
    Path whole = folder.resolve("stopped");
    try (SpoolFolder spool = SpoolFolder.lock(whole);
        SpoolFile file = SpoolOpening.open(spool, MAX_BYTES)) {
      fill(file, new HashMap<>(), EVENTS);
      file.write("e1", List.of(new SeriesCounts(3, EVENTS, 0, 0, 0, 0)));
      file.write(new EpochRow("e1", "node-1", 12, true, true));
    }
    long size = Files.size(whole.resolve("spool.db"));
    int stillFinal = 0;
    for (int tear = 1; tear < 40; tear++) {
      Path copy = Files.createDirectories(folder.resolve("stopped-" + tear));
      Files.copy(whole.resolve("spool.db"), copy.resolve("spool.db"));
      truncate(copy.resolve("spool.db"), size * tear / 40);
      try (SpoolFolder spool = SpoolFolder.lock(copy);
          SpoolFile file = SpoolOpening.open(spool, MAX_BYTES)) {
        if (file.epochs().stream().anyMatch(EpochRow::stopped)) {
          stillFinal++;
          assertThat(file.series("e1")).extracting(SeriesCounts::issued).containsExactly(800L);
        }
      }
    }
    assertThat(stillFinal).as("cut files whose counts were readable").isPositive();
  }

  @Test
  void aWriteAheadLogCutAnywhereYieldsWhatWasCommittedBefore() throws Exception {
    Map<Long, SpooledEvent> written = new HashMap<>();
    Path source = folder.resolve("wal");
    Random random = new Random(SEED);
    try (SpoolFolder spool = SpoolFolder.lock(source);
        SpoolFile file = SpoolOpening.open(spool, MAX_BYTES)) {
      fill(file, written, 200);
      for (int tear = 0; tear < 20; tear++) {
        Path copy = folder.resolve("wal-" + tear);
        Files.createDirectories(copy);
        Files.copy(spool.file(), copy.resolve("spool.db"));
        Path wal = copy.resolve("spool.db-wal");
        Files.copy(source.resolve("spool.db-wal"), wal);
        truncate(wal, random.nextLong(Files.size(wal)));
        List<SpooledEvent> found = readAll(copy);
        assertThat(found).allSatisfy(e -> intact(e, written));
        assertThat(found.size() % 50).isZero();
      }
    }
  }

  @Test
  void aFileThatIsNoDatabaseIsReplacedByAnEmptySpool() throws Exception {
    Path broken = Files.createDirectories(folder.resolve("broken"));
    Files.writeString(broken.resolve("spool.db"), "no database ".repeat(1_000));

    assertThat(readAll(broken)).isEmpty();
    assertThat(readAll(broken)).hasSize(1);
  }

  @Test
  void aReadErrorThatPassesLosesNothing() throws Exception {
    Map<Long, SpooledEvent> written = new HashMap<>();
    Path whole = write(written);
    for (SQLiteErrorCode code :
        List.of(SQLiteErrorCode.SQLITE_BUSY, SQLiteErrorCode.SQLITE_IOERR_READ)) {
      try (SpoolFile copy = SpoolFile.open(folder.resolve("copy-" + code.code), MAX_BYTES);
          Connection torn = DriverManager.getConnection("jdbc:sqlite:" + whole)) {
        // One failure each of the epochs, of their counts and of the events.
        assertThat(new TornSpool(whole, copy).copy(failingEveryOther(torn, code)))
            .isEqualTo(EVENTS);
        assertThat(copy.epochs()).extracting(EpochRow::id).containsExactly("e1");
      }
    }
  }

  @Test
  void aFileThatStaysLockedIsSalvagedLater() throws Exception {
    Path whole = write(new HashMap<>());
    try (SpoolFile copy = SpoolFile.open(folder.resolve("copy"), MAX_BYTES);
        Connection torn = DriverManager.getConnection("jdbc:sqlite:" + whole)) {
      Connection locked = failing(torn, SQLiteErrorCode.SQLITE_BUSY, _ -> true);
      assertThatExceptionOfType(SQLException.class)
          .isThrownBy(() -> new TornSpool(whole, copy).copy(locked));
    }
  }

  private static Connection failingEveryOther(Connection torn, SQLiteErrorCode code) {
    return failing(torn, code, statement -> statement % 2 == 1);
  }

  /** The connection, on which the statements of these numbers cannot be created. */
  private static Connection failing(
      Connection torn, SQLiteErrorCode code, IntPredicate failingStatements) {
    AtomicInteger statements = new AtomicInteger();
    return (Connection)
        Proxy.newProxyInstance(
            TornSpoolTests.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (_, method, arguments) -> {
              if (method.getName().endsWith("Statement")
                  && failingStatements.test(statements.incrementAndGet())) {
                throw new SQLiteException("fault of the test", code);
              }
              return method.invoke(torn, arguments);
            });
  }

  private Path write(Map<Long, SpooledEvent> written) throws SQLException {
    try (SpoolFolder spool = SpoolFolder.lock(folder.resolve("whole"));
        SpoolFile file = SpoolOpening.open(spool, MAX_BYTES)) {
      fill(file, written, EVENTS);
      return spool.file();
    }
  }

  private static void fill(SpoolFile file, Map<Long, SpooledEvent> written, int count)
      throws SQLException {
    file.write(new EpochRow("e1", "node-1", 12, true, false));
    List<SpooledEvent> batch = new ArrayList<>();
    for (int seq = 1; seq <= count; seq++) {
      SpooledEvent event = event(seq);
      written.put((long) seq, event);
      batch.add(event);
      if (batch.size() == 50) {
        file.append(batch);
        batch.clear();
      }
    }
  }

  static SpooledEvent event(long seq) {
    return new SpooledEvent(
        0,
        "e1",
        3,
        seq,
        "decision.v1",
        "id-" + seq,
        "corr-" + seq,
        1_790_000_000_000_000L + seq,
        "default/api_client".getBytes(StandardCharsets.UTF_8),
        ("{\"decision\":" + seq + ",\"x\":\"" + "y".repeat(800) + "\"}")
            .getBytes(StandardCharsets.UTF_8),
        1_790_000_000_000L);
  }

  private List<SpooledEvent> tornAt(Path whole, long end, int tear)
      throws IOException, SQLException {
    Path copy = Files.createDirectories(folder.resolve("torn-" + tear));
    Files.copy(whole, copy.resolve("spool.db"));
    truncate(copy.resolve("spool.db"), end);
    return readAll(copy);
  }

  private static void truncate(Path file, long bytes) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(bytes);
    }
  }

  private static List<SpooledEvent> readAll(Path folder) throws SQLException {
    try (SpoolFolder spool = SpoolFolder.lock(folder);
        SpoolFile file = SpoolOpening.open(spool, MAX_BYTES)) {
      List<SpooledEvent> all = new ArrayList<>();
      List<SpooledEvent> some = file.read(0, 100);
      while (!some.isEmpty()) {
        all.addAll(some);
        some = file.read(all.getLast().row(), 100);
      }
      file.append(List.of(event(1_000_000)));
      return all;
    }
  }

  private static void intact(SpooledEvent found, Map<Long, SpooledEvent> written) {
    SpooledEvent original = written.get(found.seq());
    assertThat(original).isNotNull();
    assertThat(found.checksum()).isEqualTo(original.checksum());
    assertThat(found.value()).isEqualTo(original.value());
  }
}
