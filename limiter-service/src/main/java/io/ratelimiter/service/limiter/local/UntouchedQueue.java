package io.ratelimiter.service.limiter.local;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Accounts in the order in which they will be untouched: a binary heap. Unlike in a {@link
 * java.util.PriorityQueue}, each account has its position, so that its time can be changed in
 * logarithmic time. Not thread-safe.
 */
final class UntouchedQueue {

  private final List<HeldAccount> heap = new ArrayList<>();

  /** The account that is untouched first; null when there is none. */
  @Nullable HeldAccount first() {
    return heap.isEmpty() ? null : heap.getFirst();
  }

  int size() {
    return heap.size();
  }

  void add(HeldAccount held) {
    held.place(heap.size());
    heap.add(held);
    moved(held);
  }

  void remove(HeldAccount held) {
    HeldAccount last = heap.removeLast();
    if (last != held) {
      put(last, held.place());
      moved(last);
    }
    held.removed();
  }

  /** Restores the order after this account's time has changed. */
  void moved(HeldAccount held) {
    rise(held);
    sink(held);
  }

  private void rise(HeldAccount held) {
    int parent = (held.place() - 1) / 2;
    while (held.place() > 0 && before(held, heap.get(parent))) {
      swap(heap.get(parent), held);
      parent = (held.place() - 1) / 2;
    }
  }

  private void sink(HeldAccount held) {
    for (HeldAccount child = firstChild(held);
        child != null && before(child, held);
        child = firstChild(held)) {
      swap(held, child);
    }
  }

  private @Nullable HeldAccount firstChild(HeldAccount held) {
    int left = 2 * held.place() + 1;
    if (left >= heap.size()) {
      return null;
    }
    int right = left + 1;
    return right < heap.size() && before(heap.get(right), heap.get(left))
        ? heap.get(right)
        : heap.get(left);
  }

  private void swap(HeldAccount above, HeldAccount below) {
    int place = below.place();
    put(below, above.place());
    put(above, place);
  }

  private void put(HeldAccount held, int place) {
    heap.set(place, held);
    held.place(place);
  }

  private static boolean before(HeldAccount a, HeldAccount b) {
    return a.untouchedAtMicros() < b.untouchedAtMicros();
  }
}
