package io.ratelimiter.service.limiter.local;

import io.ratelimiter.service.limiter.evaluation.CounterState;
import io.ratelimiter.service.limiter.evaluation.KeyState;
import io.ratelimiter.service.rules.Policy;

/** The two counts of a sliding window counter. */
final class CounterAccount extends Account {

  private long keptPrevious;
  private long keptCurrent;
  private long previous;
  private long current;
  private long estimate;

  /** Of the last evaluation. */
  private long windowMicros;

  @Override
  void evaluateAt(Policy policy, long ceiling, long lastMicros) {
    windowMicros = policy.windowMicros();
    previous = keptPrevious;
    current = keptCurrent;
    if (rebased()) {
      moveBack(policy, lastMicros);
    } else {
      long passed = atMicros() / windowMicros - lastMicros / windowMicros;
      if (passed > 0) {
        previous = passed == 1 ? current : 0;
        current = 0;
      }
    }
    estimate = stateAt(atMicros(), policy).estimate();
  }

  /**
   * If the clock went back to a time at which less of the previous window is covered, its units
   * would be granted twice; so the estimate moves into the current window.
   */
  private void moveBack(Policy policy, long lastMicros) {
    if (atMicros() % policy.windowMicros() > lastMicros % policy.windowMicros()) {
      current = stateAt(lastMicros, policy).estimate();
      previous = 0;
    }
  }

  private CounterState stateAt(long atMicros, Policy policy) {
    return new CounterState((Policy.SlidingWindowCounter) policy, atMicros, previous, current);
  }

  @Override
  KeyState state(Policy policy, long cost) {
    return stateAt(atMicros(), policy);
  }

  @Override
  long consumed() {
    return estimate;
  }

  @Override
  boolean consumedNothing() {
    return current == 0;
  }

  @Override
  void add(long cost) {
    current += cost;
  }

  @Override
  long remove(long cost) {
    long given = Math.min(current, cost);
    current -= given;
    return given;
  }

  @Override
  long removeOf(Charge charge, long given, long cost) {
    return charge.atMicros() / windowMicros == atMicros() / windowMicros ? remove(cost) : 0;
  }

  @Override
  void store() {
    keptPrevious = previous;
    keptCurrent = current;
  }
}
