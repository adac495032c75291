package io.ratelimiter.endtoend;

/**
 * In which order the tests of the page take their turn on the one stack, after all that have
 * servers of their own: pictures while nothing odd was called, and what breaks servers last.
 */
final class PageOrder {

  static final int LOOKS = Integer.MAX_VALUE - 4;
  static final int VIEWS = Integer.MAX_VALUE - 3;
  static final int FRAME = Integer.MAX_VALUE - 2;
  static final int LOAD = Integer.MAX_VALUE - 1;
  static final int SERVERS_AWAY = Integer.MAX_VALUE;

  private PageOrder() {}
}
