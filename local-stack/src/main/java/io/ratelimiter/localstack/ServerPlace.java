package io.ratelimiter.localstack;

import io.ratelimiter.localstack.process.Watcher;
import java.nio.file.Path;

/**
 * Folder, port and log of a server.
 *
 * @param folder for its data alone
 * @param port of localhost that clients connect to
 * @param logFile receives its output
 * @param durable whether the data must survive a crash of the machine; false in tests
 */
public record ServerPlace(Path folder, int port, Path logFile, boolean durable) {

  /** A free port and a temporary folder that is deleted when this JVM ends. */
  public static ServerPlace temporary(String name, Watcher watcher) {
    return temporary(name, Ports.free(), watcher);
  }

  /** The given port and a temporary folder that is deleted when this JVM ends. */
  public static ServerPlace temporary(String name, int port, Watcher watcher) {
    Path folder = watcher.temporaryFolder(name);
    return new ServerPlace(folder.resolve("data"), port, folder.resolve(name + ".log"), false);
  }

  boolean isTemporary() {
    return !durable;
  }
}
