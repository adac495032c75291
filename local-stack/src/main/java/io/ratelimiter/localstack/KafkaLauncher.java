package io.ratelimiter.localstack;

import java.util.Locale;
import kafka.Kafka;
import kafka.tools.StorageTool;

/** Main class of the Kafka process: formats the log folder if necessary, then runs the broker. */
final class KafkaLauncher {

  private KafkaLauncher() {}

  /**
   * Formats in the broker's own process, which saves the start of a second JVM.
   *
   * @param args the cluster id, the file with the broker's properties
   */
  public static void main(String... args) {
    // Kafka changes the case of keywords by the default locale and fails with a Turkish one.
    Locale.setDefault(Locale.ENGLISH);
    int exitCode =
        StorageTool.execute(
            new String[] {
              "format", "--ignore-formatted", "--cluster-id", args[0], "--config", args[1]
            },
            System.out);
    if (exitCode != 0) {
      System.exit(exitCode);
    }
    Kafka.main(new String[] {args[1]});
  }
}
