package io.ratelimiter.service.api.eventloop;

/**
 * How many connections and incomplete requests fit the heap.
 *
 * @param connections max number of open ones
 * @param incompleteRequests max number of requests whose bytes have arrived in part
 */
record Capacity(int connections, int incompleteRequests) {

  /** Measured: an idle connection takes about 3 KB. */
  private static final int BYTES_OF_CONNECTION = 4 * 1024;

  /** 8 KiB of head in 100 small pieces, twice, while it is split, and 8 KiB of body. */
  private static final int BYTES_OF_INCOMPLETE_REQUEST = 40 * 1024;

  /** A fifth of the heap for connections, an eighth for incomplete requests. */
  static Capacity of(long maxHeapBytes) {
    return new Capacity(
        (int) Math.min(Integer.MAX_VALUE, maxHeapBytes / 5 / BYTES_OF_CONNECTION),
        (int) Math.min(Integer.MAX_VALUE, maxHeapBytes / 8 / BYTES_OF_INCOMPLETE_REQUEST));
  }
}
