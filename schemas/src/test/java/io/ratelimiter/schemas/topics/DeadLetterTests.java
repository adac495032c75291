package io.ratelimiter.schemas.topics;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.AbstractRecords;
import org.apache.kafka.common.record.CompressionType;
import org.apache.kafka.common.record.RecordBatch;
import org.junit.jupiter.api.Test;

class DeadLetterTests {

  private static final DeadLetter.Origin ORIGIN = new DeadLetter.Origin("topic", 3, 42);
  private static final List<Header> TYPED = List.of(header("ce_type", "decision.v1".getBytes()));

  @Test
  void aRecordKeepsItsKeyValueAndHeadersAndGetsItsReasonAndOrigin() {
    byte[] key = "default/c".getBytes(StandardCharsets.UTF_8);
    byte[] value = new byte[1_048_000];

    DeadLetter letter = DeadLetter.of(ORIGIN, key, value, TYPED, "seq is 0", DeadLetter.MAX_BYTES);

    assertThat(letter.key()).isSameAs(key);
    assertThat(letter.value()).isSameAs(value);
    assertThat(letter.headers())
        .extracting(header -> header.key() + "=" + new String(header.value()))
        .containsExactly(
            "ce_type=decision.v1",
            "__streams.errors.message=seq is 0",
            "__streams.errors.topic=topic",
            "__streams.errors.partition=3",
            "__streams.errors.offset=42");
  }

  @Test
  void aRecordThatIsTooLargeIsCutAndItsSizeStated() {
    List<Header> huge = List.of(TYPED.getFirst(), header("padding", new byte[3 << 20]));

    DeadLetter letter =
        DeadLetter.of(
            ORIGIN, new byte[300_000], new byte[50 << 20], huge, "much", DeadLetter.MAX_BYTES);

    assertThat(size(letter)).isLessThan(DeadLetter.MAX_BYTES);
    assertThat(letter.headers())
        .extracting(Header::key)
        .doesNotContain("padding")
        .startsWith("ce_type");
    assertThat(new String(letter.headers().getLast().value()))
        .isEqualTo("key 4096 of 300000 bytes, value 1040384 of 52428800 bytes");
  }

  @Test
  void headersThatAloneExceedTheLimitAreCut() {
    List<Header> many = java.util.Collections.nCopies(200_000, header("h", new byte[0]));

    DeadLetter letter = DeadLetter.of(ORIGIN, null, null, many, "many", DeadLetter.MAX_BYTES);

    assertThat(letter.headers()).hasSize(5);
    assertThat(letter.value()).isNull();
  }

  @Test
  void aRecordIsCutToTheLimitOfItsTopic() {
    DeadLetter letter = DeadLetter.of(ORIGIN, null, new byte[1_000_000], TYPED, "much", 1_000_000);

    assertThat(size(letter)).isLessThan(1_000_000);
    assertThat(letter.value()).hasSize(491_808);
  }

  @Test
  void aReasonIsOneShortLine() {
    DeadLetter letter =
        DeadLetter.of(
            ORIGIN, null, null, List.of(), "no\nWARN forged" + "x".repeat(1 << 20), 1 << 20);

    assertThat(letter.reason()).startsWith("no?WARN forgedxxx").hasSize(501);
  }

  private static int size(DeadLetter letter) {
    return AbstractRecords.estimateSizeInBytesUpperBound(
        RecordBatch.CURRENT_MAGIC_VALUE,
        Compression.of(CompressionType.NONE).build().type(),
        letter.key(),
        letter.value(),
        letter.headers().toArray(Header[]::new));
  }

  private static Header header(String name, byte[] value) {
    return new RecordHeader(name, value);
  }
}
