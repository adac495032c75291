package io.ratelimiter.localstack;

import java.util.Locale;
import kafka.Kafka;
import kafka.tools.StorageTool;

/** Main of the Kafka process: formats the log folder unless it is, then is the broker. */
final class KafkaLauncher {

  private KafkaLauncher() {}

  /**
   * Formatting in the broker's own process saves the start of a second JVM.
   *
   * @param args the cluster id, the file with the broker's properties
   */
  public static void main(String... args) {
    // Kafka changes the case of its keywords in the user's language: in a Turkish session it fails.
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
