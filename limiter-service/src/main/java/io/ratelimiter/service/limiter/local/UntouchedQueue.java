package io.ratelimiter.service.limiter.local;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Accounts in the order in which they will be untouched again: a binary heap in which each account
 * has its position, so that its time can be changed in logarithmic time, which {@link
 * java.util.PriorityQueue} does not offer. Not thread-safe.
 */
final class UntouchedQueue {

  private final List<Held> heap = new ArrayList<>();

  /** The account that is untouched first; null when there is none. */
  @Nullable Held first() {
    return heap.isEmpty() ? null : heap.getFirst();
  }

  int size() {
    return heap.size();
  }

  void add(Held held) {
    held.place(heap.size());
    heap.add(held);
    moved(held);
  }

  void remove(Held held) {
    Held last = heap.removeLast();
    if (last != held) {
      put(last, held.place());
      moved(last);
    }
    held.removed();
  }

  /** Restores the order after this account's time has changed. */
  void moved(Held held) {
    rise(held);
    sink(held);
  }

  private void rise(Held held) {
    int parent = (held.place() - 1) / 2;
    while (held.place() > 0 && before(held, heap.get(parent))) {
      swap(heap.get(parent), held);
      parent = (held.place() - 1) / 2;
    }
  }

  private void sink(Held held) {
    for (Held child = firstChild(held);
        child != null && before(child, held);
        child = firstChild(held)) {
      swap(held, child);
    }
  }

  private @Nullable Held firstChild(Held held) {
    int left = 2 * held.place() + 1;
    if (left >= heap.size()) {
      return null;
    }
    int right = left + 1;
    return right < heap.size() && before(heap.get(right), heap.get(left))
        ? heap.get(right)
        : heap.get(left);
  }

  private void swap(Held above, Held below) {
    int place = below.place();
    put(below, above.place());
    put(above, place);
  }

  private void put(Held held, int place) {
    heap.set(place, held);
    held.place(place);
  }

  private static boolean before(Held a, Held b) {
    return a.untouchedAtMicros() < b.untouchedAtMicros();
  }
}
