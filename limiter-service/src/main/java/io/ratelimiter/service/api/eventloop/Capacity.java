package io.ratelimiter.service.api.eventloop;

/**
 * How many callers the heap has room for, so that no number of them fills it.
 *
 * @param connections that may be open
 * @param incompleteRequests that may have begun and wait for the rest of their bytes
 */
record Capacity(int connections, int incompleteRequests) {

  /** Measured: a connection without a request holds some 3 KB. */
  private static final int BYTES_OF_CONNECTION = 4 * 1024;

  /** 8 KiB of head in 100 small pieces, twice, while it is split, and 8 KiB of body. */
  private static final int BYTES_OF_INCOMPLETE_REQUEST = 40 * 1024;

  /** A fifth of the heap for connections, an eighth for requests that have begun. */
  static Capacity of(long maxHeapBytes) {
    return new Capacity(
        (int) Math.min(Integer.MAX_VALUE, maxHeapBytes / 5 / BYTES_OF_CONNECTION),
        (int) Math.min(Integer.MAX_VALUE, maxHeapBytes / 8 / BYTES_OF_INCOMPLETE_REQUEST));
  }
}
