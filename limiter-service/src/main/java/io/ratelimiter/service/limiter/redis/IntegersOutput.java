package io.ratelimiter.service.limiter.redis;

import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.output.CommandOutput;
import java.util.Arrays;

/** Reads a flat array of integers without boxing them. */
final class IntegersOutput extends CommandOutput<String, String, long[]> {

  private int size;

  IntegersOutput(RedisCodec<String, String> codec) {
    super(codec, new long[8]);
  }

  @Override
  public void multi(int count) {
    output = new long[Math.max(0, count)];
  }

  @Override
  public void set(long integer) {
    if (size == output.length) {
      output = Arrays.copyOf(output, Math.max(8, 2 * size));
    }
    output[size++] = integer;
  }
}
