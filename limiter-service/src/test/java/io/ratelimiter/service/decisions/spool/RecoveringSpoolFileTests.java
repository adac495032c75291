package io.ratelimiter.service.decisions.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.ratelimiter.service.decisions.series.DropReason;
import io.ratelimiter.service.decisions.spool.file.SpoolFile;
import io.ratelimiter.service.decisions.spool.file.SpoolFolder;
import io.ratelimiter.service.decisions.spool.file.SpooledEvent;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.FileSystemUtils;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

class RecoveringSpoolFileTests {

  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final long MAX_BYTES = 64L * 1024 * 1024;
  private static final int EVENTS = 2_000;

  @TempDir Path folder;
  private SpoolFolder spool;
  private final RecordingListener listener = new RecordingListener();
  private RecoveringSpoolFile disk;

  @BeforeEach
  void open() {
    spool = SpoolFolder.lock(folder);
    disk = new RecoveringSpoolFile(spool, MAX_BYTES, listener);
    assertThat(disk.append(events(1, EVENTS))).isEqualTo(EVENTS);
    assertThat(disk.usable()).isTrue();
  }

  @AfterEach
  void close() {
    disk.run(SpoolFile::close);
    spool.close();
  }

  @Test
  void aFailedSalvageIsRepeatedAndTheListenerNotified() throws IOException {
    Path inTheWay = Files.createDirectories(folder.resolve("torn.db").resolve("in-the-way"));
    assertThat(disk.run(RecoveringSpoolFileTests::tear)).isFalse();
    assertThat(listener.calls).containsExactly("opened");

    Files.delete(inTheWay);
    Files.delete(inTheWay.getParent());
    cutInHalf(spool.file());
    await().atMost(LIMIT).until(() -> disk.run(_ -> {}));
    assertThat(listener.calls).containsExactly("opened", "opened", "salvaged");
    assertThat(listener.salvaged).isBetween(EVENTS / 4, EVENTS - 1);
  }

  @Test
  void aListenerThatFailedIsNotifiedAgainAtTheNextAttempt() throws IOException {
    listener.failures = 1;
    assertThat(disk.run(RecoveringSpoolFileTests::tear)).isFalse();

    await().atMost(LIMIT).until(() -> disk.run(_ -> {}));
    assertThat(listener.calls).containsExactly("opened", "opened", "failed", "opened", "salvaged");
    assertThat(listener.salvaged).isEqualTo(EVENTS);
  }

  @Test
  void aSuccessfulWriteShowsThatTheDiskWorksAgain() {
    assertThat(disk.run(RecoveringSpoolFileTests::refuse)).isFalse();
    assertThat(disk.usable()).isFalse();

    assertThat(disk.run(file -> file.read(0, 1))).isTrue();
    assertThat(disk.usable()).as("reading shows nothing").isFalse();
    assertThat(disk.write(file -> file.write("e1", List.of()))).isTrue();
    assertThat(disk.usable()).isTrue();
  }

  @Test
  void aWriteProvesNothingJustAfterTheDiskRefusedEvents() throws SQLException {
    whileLocked(() -> assertThat(disk.append(events(1, 1))).isEqualTo(RecoveringSpoolFile.REFUSED));

    assertThat(disk.write(file -> file.write("e1", List.of()))).isTrue();
    assertThat(disk.usable()).isFalse();
    await().atMost(LIMIT).until(() -> disk.write(_ -> {}) && disk.usable());
  }

  @Test
  void aFullVolumeIsEmptiedWithTheReserveWhichIsThenRecreated() throws IOException {
    Path reserve = folder.resolve("reserve");
    assertThat(reserve).exists();

    assertThat(disk.remove(file -> deleteWithRoom(file, reserve))).isTrue();
    assertThat(disk.run(file -> assertThat(file.read(0, EVENTS)).hasSize(EVENTS - 1))).isTrue();
    assertThat(reserve).doesNotExist();
    assertThat(disk.fault()).contains("full");

    Path inTheWay = Files.createDirectories(reserve.resolve("in-the-way"));
    assertThat(disk.append(events(1, 1))).isEqualTo(RecoveringSpoolFile.REFUSED);
    Files.delete(inTheWay);
    await().atMost(LIMIT).until(() -> disk.append(events(1, 1)) == 1);
    assertThat(disk.fault()).isNull();
    assertThat(reserve).isRegularFile();
  }

  /** Behaves like a volume without free space until the reserve is deleted. */
  private static void deleteWithRoom(SpoolFile file, Path reserve) throws SQLException {
    if (Files.exists(reserve)) {
      refuse(file);
    }
    file.delete(List.of(1L));
  }

  @Test
  void aWriteOnAFullVolumeDoesNotUseTheReserve() {
    assertThat(disk.run(RecoveringSpoolFileTests::refuse)).isFalse();
    assertThat(disk.write(RecoveringSpoolFileTests::refuse)).isFalse();
    assertThat(folder.resolve("reserve")).exists();
  }

  @Test
  void aRemovedFolderIsRecreatedAndLockedWithAllItsEvents() throws IOException {
    Path dir = folder.resolve("inner");
    withSpoolIn(
        dir,
        inner -> {
          delete(dir);
          assertThat(inner.append(events(EVENTS + 1, EVENTS + 10))).isEqualTo(10);
          assertThat(inner.usable()).isTrue();
          assertThatThrownBy(() -> SpoolFolder.lock(dir))
              .isInstanceOf(SpoolFolder.SpoolFolderInUseException.class);
          inner.run(file ->
              assertThat(file.read(0, 2 * EVENTS))
                  .extracting(SpooledEvent::seq)
                  .containsExactlyElementsOf(
                      LongStream.rangeClosed(1, EVENTS + 10).boxed().toList()));
        });
    assertThat(listener.reasons).containsExactly(DropReason.SPOOL_LOST);
  }

  @Test
  void aFileInPlaceOfTheFolderIsReportedUntilItIsRemoved() throws IOException {
    Path dir = folder.resolve("inner");
    withSpoolIn(
        dir,
        inner -> {
          delete(dir);
          Files.writeString(dir, "a file");
          assertThat(inner.append(events(EVENTS + 1, EVENTS + 1)))
              .isEqualTo(RecoveringSpoolFile.REFUSED);
          assertThat(inner.fault()).contains("SPOOL_DIR " + dir).contains("FileAlreadyExists");
          assertThat(inner.run(file -> file.delete(List.of(1L)))).isTrue();
          assertThat(inner.usable()).isFalse();

          Files.delete(dir);
          await().atMost(LIMIT).until(() -> inner.append(events(EVENTS + 1, EVENTS + 1)) == 1);
          inner.run(file -> assertThat(file.read(0, 2 * EVENTS)).hasSize(EVENTS));
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"lock", "spool.db", "spool.db-wal"})
  void eachOfItsFilesIsRecreatedAfterItWasRemoved(String name) throws IOException {
    Files.delete(folder.resolve(name));
    assertThat(disk.append(events(EVENTS + 1, EVENTS + 10))).isEqualTo(10);
    assertThat(folder.resolve(name)).exists();
    assertThatThrownBy(() -> SpoolFolder.lock(folder))
        .isInstanceOf(SpoolFolder.SpoolFolderInUseException.class);
    try (SpoolFile other = openAsAnother()) {
      assertThat(other.read(0, 2 * EVENTS)).hasSize(EVENTS + 10);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  /** The events that the next process would find. */
  private SpoolFile openAsAnother() throws SQLException {
    disk.run(SpoolFile::close);
    return SpoolFile.open(spool.file(), MAX_BYTES);
  }

  @Test
  void unreadableEventsOfARemovedSpoolAreCountedAsLost() throws IOException {
    // More than SQLite caches in memory.
    assertThat(disk.append(events(EVENTS + 1, 6 * EVENTS))).isEqualTo(5 * EVENTS);
    disk.run(SpoolFile::emptyLog);
    cutInHalf(spool.file());
    Files.delete(spool.file());
    assertThat(disk.append(events(1, 1))).isEqualTo(1);
    assertThat(listener.reasons).containsExactly(DropReason.SPOOL_LOST);
    assertThat(listener.salvaged).isLessThan(6 * EVENTS);
  }

  private interface OnDisk {
    void on(RecoveringSpoolFile disk) throws IOException;
  }

  private void withSpoolIn(Path dir, OnDisk work) throws IOException {
    SpoolFolder inner = SpoolFolder.lock(dir);
    RecoveringSpoolFile other = new RecoveringSpoolFile(inner, MAX_BYTES, listener);
    assertThat(other.append(events(1, EVENTS))).isEqualTo(EVENTS);
    work.on(other);
    other.run(SpoolFile::close);
    inner.close();
  }

  private static void delete(Path dir) throws IOException {
    FileSystemUtils.deleteRecursively(dir);
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
    throw new SQLiteException("torn, simulated", SQLiteErrorCode.SQLITE_CORRUPT);
  }

  private static void refuse(SpoolFile file) throws SQLException {
    throw new SQLiteException("full, simulated", SQLiteErrorCode.SQLITE_FULL);
  }

  private static void cutInHalf(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(channel.size() / 2 + 1);
    }
  }

  private static List<SpooledEvent> events(long from, long to) {
    return LongStream.rangeClosed(from, to).mapToObj(RecoveringSpoolFileTests::event).toList();
  }

  private static SpooledEvent event(long seq) {
    byte[] value = "x".repeat(500).getBytes(StandardCharsets.UTF_8);
    return new SpooledEvent(0, "e1", 0, seq, "decision.v1", "id", null, 1, new byte[1], value, 1);
  }

  private static final class RecordingListener implements RecoveringSpoolFile.Listener {

    private final List<String> calls = new ArrayList<>();
    private final List<DropReason> reasons = new ArrayList<>();
    private int failures;
    private int salvaged;

    @Override
    public void opened(SpoolFile file) {
      calls.add("opened");
    }

    @Override
    public void salvaged(SpoolFile file, DropReason reason) throws SQLException {
      reasons.add(reason);
      if (failures-- > 0) {
        calls.add("failed");
        throw new SQLException("full, simulated");
      }
      calls.add("salvaged");
      salvaged = file.read(0, 10 * EVENTS).size();
    }
  }
}
