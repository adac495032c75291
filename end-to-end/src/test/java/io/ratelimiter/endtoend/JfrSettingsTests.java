package io.ratelimiter.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import jdk.jfr.Configuration;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JfrSettingsTests {

  private static final Path SETTINGS = Path.of("../deploy/jfr/always-on.jfc");

  @TempDir private Path folder;

  @Test
  void everyNamedEventExistsInThisJvm() throws Exception {
    var known =
        FlightRecorder.getFlightRecorder().getEventTypes().stream()
            .map(jdk.jfr.EventType::getName)
            .toList();

    assertThat(Configuration.create(SETTINGS).getSettings().keySet())
        .extracting(setting -> setting.substring(0, setting.indexOf('#')))
        .isSubsetOf(known);
  }

  @Test
  void aRecordingContainsNoSecrets() throws Exception {
    Path dump = folder.resolve("test.jfr");
    try (Recording recording = new Recording(Configuration.create(SETTINGS))) {
      recording.start();
      System.gc();
      recording.stop();
      recording.dump(dump);
    }
    assertThat(RecordingFile.readAllEvents(dump))
        .extracting((RecordedEvent event) -> event.getEventType().getName())
        .contains("jdk.GarbageCollection", "jdk.JVMInformation")
        .doesNotContain("jdk.InitialEnvironmentVariable", "jdk.InitialSystemProperty");
    assertThat(Map.copyOf(Configuration.create(SETTINGS).getSettings()))
        .containsEntry("jdk.ExecutionSample#enabled", "true");
  }
}
