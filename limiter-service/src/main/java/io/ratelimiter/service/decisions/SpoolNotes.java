package io.ratelimiter.service.decisions;

import io.ratelimiter.service.decisions.spool.EpochNote;
import io.ratelimiter.service.decisions.spool.SeriesNote;
import io.ratelimiter.service.decisions.spool.SpoolFile;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Notes on disk what a later process must know to close this epoch. For one thread. */
final class SpoolNotes {

  private final Epoch current;
  private final SeriesBook book;
  private final Map<String, List<SeriesNote>> noted = new HashMap<>();
  private boolean published;

  SpoolNotes(Epoch current, SeriesBook book) {
    this.current = current;
    this.book = book;
  }

  /** Whether numbers of this epoch may be on the topic. */
  boolean published() {
    return published;
  }

  /** Numbers of this epoch may be on the topic from now on, whether the disk takes it or not. */
  void publish() {
    published = true;
  }

  /** The file is another one: nothing need stand in it. */
  void beginAnew() {
    noted.clear();
  }

  /** Notes that there is this epoch, and whether it is published. */
  void noteEpoch(SpoolFile file) throws SQLException {
    file.note(note(false));
  }

  /** Notes the counts of every series that has changed. */
  void noteSeries(SpoolFile file) throws SQLException {
    for (Epoch epoch : book.epochs()) {
      List<SeriesNote> notes = epoch.notes();
      if (!notes.equals(noted.get(epoch.id()))) {
        file.note(epoch.id(), notes);
        noted.put(epoch.id(), notes);
      }
    }
  }

  /**
   * Notes the last counts of an orderly stop.
   *
   * @param closed whether the topic was told that the epoch is closed, so that nothing need be
   *     noted
   */
  void noteStop(SpoolFile file, boolean closed) throws SQLException {
    noteSeries(file);
    if (closed && current.spooled() == 0) {
      file.forget(current.id());
    } else {
      file.note(note(true));
    }
  }

  private EpochNote note(boolean stopped) {
    return new EpochNote(
        current.id(), current.instance(), current.series().size(), published, stopped);
  }
}
