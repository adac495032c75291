package io.ratelimiter.auditor.streams;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class RestoreProgressTests {

  private static final TopicPartition ONE = new TopicPartition("minutes", 0);
  private static final TopicPartition TWO = new TopicPartition("minutes", 1);

  private final RestoreProgress restoring = new RestoreProgress();

  @Test
  void theRemainingRecordsOfAllChangelogsAreSummed() {
    restoring.onRestoreStart(ONE, "minutes", 0, 100);
    restoring.onRestoreStart(TWO, "minutes", 40, 100);
    assertThat(restoring.remainingRecords()).isEqualTo(160);

    restoring.onBatchRestored(ONE, "minutes", 49, 50);
    assertThat(restoring.remainingRecords()).isEqualTo(110);

    restoring.onRestoreEnd(ONE, "minutes", 100);
    restoring.onRestoreSuspended(TWO, "minutes", 0);
    assertThat(restoring.remainingRecords()).isZero();
  }
}
