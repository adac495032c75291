package io.ratelimiter.service.limiter.redis.reply;

import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.output.CommandOutput;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads a flat array of integers without boxing, in memory bounded by the expected length. The
 * result of any other reply is null, except that an error remains an error.
 */
public final class IntegersOutput extends CommandOutput<String, String, long[]> {

  private static final int NONE = -1;

  private final int max;
  private int declared = NONE;
  private int size;
  private boolean malformed;

  /** Reads one reply of at most {@code max} integers; memory for them is allocated at once. */
  public IntegersOutput(RedisCodec<String, String> codec, int max) {
    super(codec, new long[max]);
    this.max = max;
  }

  /** The array; null when the reply is not one, or is longer than {@code max}. */
  @Override
  public long @Nullable [] get() {
    if (malformed || declared != size) {
      return null;
    }
    return size == max ? output : Arrays.copyOf(output, size);
  }

  @Override
  public void multiArray(int count) {
    if (declared != NONE || count < 0 || count > max) {
      malformed = true;
    }
    declared = count;
  }

  @Override
  public void set(long integer) {
    if (size < max) {
      output[size++] = integer;
    } else {
      malformed = true;
    }
  }

  @Override
  public void set(@Nullable ByteBuffer bytes) {
    malformed = true;
  }

  @Override
  public void setBigNumber(ByteBuffer bytes) {
    malformed = true;
  }

  @Override
  public void set(double number) {
    malformed = true;
  }

  @Override
  public void set(boolean value) {
    malformed = true;
  }

  /** Called for sets, maps and pushes. */
  @Override
  public void multi(int count) {
    malformed = true;
  }
}
