package io.ratelimiter.service.limiter.redis.reply;

/** Reads the whole numbers of a reply from left to right, checking each against its bounds. */
final class ReplyNumbers {

  /** The max whole number up to which a double is exact; the scripts compute with none above it. */
  static final long MAX = 1L << 53;

  private final long[] reply;
  private int position;

  ReplyNumbers(long[] reply) {
    this.reply = reply;
  }

  /**
   * The next number.
   *
   * @throws MalformedReplyException when it is not within these bounds, both included
   */
  long next(String what, long min, long max) {
    long number = reply[position++];
    require(number >= min && number <= max, what, number);
    return number;
  }

  /** Fails with a {@link MalformedReplyException} unless the condition holds. */
  static void require(boolean holds, String what, long number) {
    if (!holds) {
      throw new MalformedReplyException("not a reply to this call: " + what + " " + number);
    }
  }
}
