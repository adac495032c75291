package io.ratelimiter.service.limiter.redis;

/** The whole numbers of a reply, read from left to right, each checked against its bounds. */
final class Numbers {

  /**
   * The largest whole number that a double holds exactly; the scripts compute with no larger one.
   */
  static final long MAX = 1L << 53;

  private final long[] reply;
  private int position;

  Numbers(long[] reply) {
    this.reply = reply;
  }

  int length() {
    return reply.length;
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
      throw new MalformedReplyException("not an answer to this call: " + what + " " + number);
    }
  }
}
