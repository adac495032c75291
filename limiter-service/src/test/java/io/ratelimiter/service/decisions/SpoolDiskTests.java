package io.ratelimiter.service.decisions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ratelimiter.service.decisions.spool.SpoolFile;
import io.ratelimiter.service.decisions.spool.SpoolFolder;
import io.ratelimiter.service.decisions.spool.SpooledEvent;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

class SpoolDiskTests {

  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final long MAX_BYTES = 64L * 1024 * 1024;
  private static final int EVENTS = 2_000;

  @TempDir Path folder;
  private SpoolFolder spool;
  private final Told told = new Told();
  private SpoolDisk disk;

  @BeforeEach
  void open() {
    spool = SpoolFolder.lock(folder);
    disk = new SpoolDisk(spool, MAX_BYTES, told);
    assertThat(disk.append(events(1, EVENTS))).isEqualTo(EVENTS);
    assertThat(disk.usable()).isTrue();
  }

  @AfterEach
  void close() {
    disk.with(SpoolFile::close);
    spool.close();
  }

  @Test
  void aSalvageThatFailedIsMadeUpForAndTheBooksAreTold() throws IOException {
    Path inTheWay = Files.createDirectories(folder.resolve("torn.db").resolve("in-the-way"));
    assertThat(disk.with(SpoolDiskTests::tear)).isFalse();
    assertThat(told.what).containsExactly("opened");

    Files.delete(inTheWay);
    Files.delete(inTheWay.getParent());
    cutInHalf(spool.file());
    await().atMost(LIMIT).until(() -> disk.with(_ -> {}));
    assertThat(told.what).containsExactly("opened", "opened", "salvaged");
    assertThat(told.salvaged).isBetween(EVENTS / 4, EVENTS - 1);
  }

  @Test
  void booksThatCouldNotBeCorrectedAreCorrectedAtTheNextAttempt() throws IOException {
    told.failures = 1;
    assertThat(disk.with(SpoolDiskTests::tear)).isFalse();

    await().atMost(LIMIT).until(() -> disk.with(_ -> {}));
    assertThat(told.what).containsExactly("opened", "opened", "failed", "opened", "salvaged");
    assertThat(told.salvaged).isEqualTo(EVENTS);
  }

  @Test
  void aNoteThatIsTakenShowsThatTheDiskWorksAgain() {
    assertThat(disk.with(SpoolDiskTests::refuse)).isFalse();
    assertThat(disk.usable()).isFalse();

    assertThat(disk.with(file -> file.read(0, 1))).isTrue();
    assertThat(disk.usable()).as("reading shows nothing").isFalse();
    assertThat(disk.write(file -> file.note("e1", List.of()))).isTrue();
    assertThat(disk.usable()).isTrue();
  }

  @Test
  void aNoteShowsNothingJustAfterADiskRefusedEvents() throws SQLException {
    whileLocked(() -> assertThat(disk.append(events(1, 1))).isEqualTo(SpoolDisk.REFUSED));

    assertThat(disk.write(file -> file.note("e1", List.of()))).isTrue();
    assertThat(disk.usable()).isFalse();
    await().atMost(LIMIT).until(() -> disk.write(_ -> {}) && disk.usable());
  }

  private void whileLocked(Runnable refused) throws SQLException {
    try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + spool.file());
        Statement statement = other.createStatement()) {
      statement.execute("begin immediate");
      refused.run();
      statement.execute("rollback");
    }
  }

  private static void tear(SpoolFile file) throws SQLException {
    throw new SQLiteException("torn, says the test", SQLiteErrorCode.SQLITE_CORRUPT);
  }

  private static void refuse(SpoolFile file) throws SQLException {
    throw new SQLiteException("full, says the test", SQLiteErrorCode.SQLITE_FULL);
  }

  private static void cutInHalf(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(channel.size() / 2 + 1);
    }
  }

  private static List<SpooledEvent> events(long from, long to) {
    return LongStream.rangeClosed(from, to).mapToObj(SpoolDiskTests::event).toList();
  }

  private static SpooledEvent event(long seq) {
    byte[] value = "x".repeat(500).getBytes(StandardCharsets.UTF_8);
    return new SpooledEvent(0, "e1", 0, seq, "decision.v1", "id", null, 1, new byte[1], value, 1);
  }

  private static final class Told implements SpoolDisk.Newcomer {

    private final List<String> what = new ArrayList<>();
    private int failures;
    private int salvaged;

    @Override
    public void opened(SpoolFile file) {
      what.add("opened");
    }

    @Override
    public void salvaged(SpoolFile file) throws SQLException {
      if (failures-- > 0) {
        what.add("failed");
        throw new SQLException("full, says the test");
      }
      what.add("salvaged");
      salvaged = file.read(0, EVENTS + 1).size();
    }
  }
}
