package io.ratelimiter.localstack;

import java.nio.file.Path;

/**
 * Where a server lives.
 *
 * @param folder holds its data, and nothing else
 * @param port that clients connect to, on localhost
 * @param logFile gets what it says
 * @param durable whether the data must survive a crash of the machine; tests don't wait for disks
 */
public record ServerPlace(Path folder, int port, Path logFile, boolean durable) {

  /** A place for a test: free port, deleted with this JVM. */
  public static ServerPlace temporary(String name, Watcher watcher) {
    return temporary(name, Ports.free(), watcher);
  }

  /** The same on a port of one's choice. */
  public static ServerPlace temporary(String name, int port, Watcher watcher) {
    Path folder = watcher.temporaryFolder(name);
    return new ServerPlace(folder.resolve("data"), port, folder.resolve(name + ".log"), false);
  }

  boolean isTemporary() {
    return !durable;
  }
}
