package io.ratelimiter.service.decisions;

import io.ratelimiter.schemas.EventWriter;
import io.ratelimiter.schemas.SeriesPosition;
import io.ratelimiter.service.check.CheckResult;
import io.ratelimiter.service.decisions.kafka.PartitionChooser;
import io.ratelimiter.service.limiter.Bucket;
import java.nio.charset.StandardCharsets;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A decision into the bytes of its record, and the record's partition. */
@State(Scope.Thread)
public class DecisionBenchmark {

  private final EventWriter writer = new EventWriter();
  private final PartitionChooser partitions = new PartitionChooser(12);
  private final byte[] key = "default/client-00001234".getBytes(StandardCharsets.UTF_8);
  private final SeriesPosition position = new SeriesPosition("limiter-1", "k3v9q2", 7, 123_456);
  private final CheckResult made =
      new CheckResult(
          "tc65c7d7oh99m555-1a2b", "7bif95i5r51o7lgn-3c4d", Bucket.CHECK, Bucket.allowed(), 812);

  @Benchmark
  public byte[] serialize() {
    return writer.decision(DecisionEventMapper.decision(made, position));
  }

  @Benchmark
  public int choosePartition() {
    return partitions.partitionOf(key);
  }
}
