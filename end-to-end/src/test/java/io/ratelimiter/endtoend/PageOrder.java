package io.ratelimiter.endtoend;

/**
 * The order of the page's tests on their common stack, after tests with their own servers:
 * screenshots before any unusual calls, and tests that kill servers last.
 */
final class PageOrder {

  static final int LOOKS = Integer.MAX_VALUE - 5;
  static final int VIEWS = Integer.MAX_VALUE - 4;
  static final int ATTRIBUTES = Integer.MAX_VALUE - 3;
  static final int FRAME = Integer.MAX_VALUE - 2;
  static final int LOAD = Integer.MAX_VALUE - 1;
  static final int SERVERS_AWAY = Integer.MAX_VALUE;

  private PageOrder() {}
}
