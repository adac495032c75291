package io.ratelimiter.service.limiter.local;

/** Charges in the order of their times: a ring buffer of 12 bytes per charge. Not thread-safe. */
final class LogEntries {

  private static final int FIRST_CAPACITY = 8;
  private static final int ENTRY_BYTES = Long.BYTES + Integer.BYTES;
  private static final int HEADERS_BYTES = 32;

  private long[] micros;
  private int[] costs;
  private int first;
  private int size;
  private long total;

  LogEntries() {
    this(new long[0], new int[0]);
  }

  private LogEntries(long[] micros, int[] costs) {
    this.micros = micros;
    this.costs = costs;
  }

  LogEntries copy() {
    LogEntries copy = new LogEntries(micros.clone(), costs.clone());
    copy.first = first;
    copy.size = size;
    copy.total = total;
    return copy;
  }

  int size() {
    return size;
  }

  /** Sum of the units of all entries. */
  long total() {
    return total;
  }

  /** Time of the entry at this index, 0 for the oldest; microseconds since 1970. */
  long micros(int entry) {
    return micros[index(entry)];
  }

  long cost(int entry) {
    return costs[index(entry)];
  }

  private int index(int entry) {
    return (first + entry) & (micros.length - 1);
  }

  void addLast(long atMicros, long cost) {
    if (size == micros.length) {
      resize(grown());
    }
    int index = index(size++);
    micros[index] = atMicros;
    costs[index] = Math.toIntExact(cost);
    total += cost;
  }

  void removeLast() {
    total -= cost(--size);
  }

  /** Removes units of an entry, and the entry when none are left. */
  void reduce(int entry, long units) {
    long left = cost(entry) - units;
    total -= units;
    if (left > 0) {
      put(entry, micros(entry), left);
      return;
    }
    for (int later = entry + 1; later < size; later++) {
      put(later - 1, micros(later), cost(later));
    }
    size--;
  }

  void removeFirst(int entries) {
    for (int i = 0; i < entries; i++) {
      total -= cost(0);
      first = index(1);
      size--;
    }
  }

  void clear() {
    removeFirst(size);
  }

  /** Merges pairs of neighbours at the time of the later one, which leaves about half. */
  void mergePairs() {
    int pairs = size / 2;
    for (int pair = 0; pair < pairs; pair++) {
      long cost = cost(2 * pair) + cost(2 * pair + 1);
      put(pair, micros(2 * pair + 1), cost);
    }
    if (size % 2 == 1) {
      put(pairs, micros(size - 1), cost(size - 1));
    }
    size -= pairs;
  }

  private void put(int entry, long atMicros, long cost) {
    micros[index(entry)] = atMicros;
    costs[index(entry)] = Math.toIntExact(cost);
  }

  /** Shrinks the ring when less than a quarter of it is used. */
  void shrink() {
    int capacity = micros.length;
    while (capacity > FIRST_CAPACITY && size < capacity / 4) {
      capacity /= 2;
    }
    if (capacity < micros.length) {
      resize(capacity);
    }
  }

  private void resize(int capacity) {
    long[] newMicros = new long[capacity];
    int[] newCosts = new int[capacity];
    for (int entry = 0; entry < size; entry++) {
      newMicros[entry] = micros(entry);
      newCosts[entry] = costs[index(entry)];
    }
    micros = newMicros;
    costs = newCosts;
    first = 0;
  }

  private int grown() {
    return Math.max(FIRST_CAPACITY, 2 * micros.length);
  }

  /** Memory of the entries, bytes. */
  int bytes() {
    return bytes(micros.length);
  }

  /** Additional memory that one entry more than this number takes, bytes. */
  int growthBytes(int entries) {
    return entries < micros.length ? 0 : bytes(grown()) - bytes();
  }

  private static int bytes(int capacity) {
    return capacity == 0 ? 0 : HEADERS_BYTES + capacity * ENTRY_BYTES;
  }
}
