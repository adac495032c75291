package io.ratelimiter.service.limiter;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Chooses the limit that an answer shows. */
final class TopLimit {

  private TopLimit() {}

  static @Nullable LimitOutcome of(List<LimitOutcome> limits) {
    LimitOutcome top = null;
    for (LimitOutcome candidate : limits) {
      if (candidate.rule().enforcing() && (top == null || before(candidate, top))) {
        top = candidate;
      }
    }
    return top;
  }

  private static boolean before(LimitOutcome candidate, LimitOutcome top) {
    int order = compare(candidate, top);
    return order < 0 || (order == 0 && candidate.rule().id() < top.rule().id());
  }

  private static int compare(LimitOutcome a, LimitOutcome b) {
    if (!(a instanceof LimitOutcome.Judged left) || !(b instanceof LimitOutcome.Judged right)) {
      return 0;
    }
    int blocking = Long.compare(urgency(right), urgency(left));
    // remaining ≤ 1e9 and capacity ≤ 1e9: the cross products fit a long.
    return blocking != 0
        ? blocking
        : Long.compare(
            left.remaining() * right.rule().policy().capacity(),
            right.remaining() * left.rule().policy().capacity());
  }

  private static long urgency(LimitOutcome.Judged limit) {
    if (limit.allowed()) {
      return 0;
    }
    return limit.retryAfterMicros() == LimitOutcome.Judged.NEVER
        ? Long.MAX_VALUE
        : limit.retryAfterMicros();
  }
}
