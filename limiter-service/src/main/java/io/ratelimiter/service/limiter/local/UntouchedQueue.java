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
    held.position = heap.size();
    heap.add(held);
    moved(held);
  }

  void remove(HeldAccount held) {
    HeldAccount last = heap.removeLast();
    if (last != held) {
      put(last, held.position);
      moved(last);
    }
    held.position = HeldAccount.NOT_KEPT;
  }

  /** Restores the order after this account's time has changed. */
  void moved(HeldAccount held) {
    rise(held);
    sink(held);
  }

  private void rise(HeldAccount held) {
    int parent = (held.position - 1) / 2;
    while (held.position > 0 && before(held, heap.get(parent))) {
      swap(heap.get(parent), held);
      parent = (held.position - 1) / 2;
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
    int left = 2 * held.position + 1;
    if (left >= heap.size()) {
      return null;
    }
    int right = left + 1;
    return right < heap.size() && before(heap.get(right), heap.get(left))
        ? heap.get(right)
        : heap.get(left);
  }

  private void swap(HeldAccount above, HeldAccount below) {
    int position = below.position;
    put(below, above.position);
    put(above, position);
  }

  private void put(HeldAccount held, int position) {
    heap.set(position, held);
    held.position = position;
  }

  private static boolean before(HeldAccount a, HeldAccount b) {
    return a.untouchedAtMicros < b.untouchedAtMicros;
  }
}
