package io.ratelimiter.auditor.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratelimiter.auditor.TestTerms;
import java.time.Duration;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Test;

class ProgressTests {

  private final KeyValueStore<Bytes, byte[]> store = Stores.inMemoryKeyValueStore("progress").get();

  @Test
  void anotherLatenessThanThatOfTheStateIsRefusedWithTheWayOut() {
    Progress first = new Progress(store, TestTerms.of(Duration.ofHours(6)), 0);
    first.readRecord(41);
    first.save();

    assertThat(new Progress(store, TestTerms.of(Duration.ofHours(6)), 0).nextOffset())
        .isEqualTo(42);
    assertThatThrownBy(() -> new Progress(store, TestTerms.of(Duration.ofHours(12)), 0))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "AUDIT_MAX_LATENESS_HOURS is 12, this run began with 6: raise AUDIT_GENERATION");
  }
}
