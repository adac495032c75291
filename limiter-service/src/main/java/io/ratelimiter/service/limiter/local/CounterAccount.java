package io.ratelimiter.service.limiter.local;

import io.ratelimiter.service.limiter.Consumption;
import io.ratelimiter.service.rules.Policy;

/** A sliding counter's two counts. */
final class CounterAccount extends Account {

  private long keptPrevious;
  private long keptCurrent;
  private long previous;
  private long current;
  private long estimate;

  @Override
  void lookAt(Policy policy, long lastMicros) {
    long window = policy.windowMicros();
    previous = keptPrevious;
    current = keptCurrent;
    if (rebased()) {
      moveBack(policy, lastMicros);
    } else {
      long passed = atMicros() / window - lastMicros / window;
      if (passed > 0) {
        previous = passed == 1 ? current : 0;
        current = 0;
      }
    }
    estimate = pair(policy, atMicros()).estimate();
  }

  /**
   * With less of the previous window in sight than before, the difference would be granted twice.
   */
  private void moveBack(Policy policy, long lastMicros) {
    if (atMicros() % policy.windowMicros() > lastMicros % policy.windowMicros()) {
      current = pair(policy, lastMicros).estimate();
      previous = 0;
    }
  }

  private Consumption.Pair pair(Policy policy, long atMicros) {
    return new Consumption.Pair((Policy.SlidingWindowCounter) policy, atMicros, previous, current);
  }

  @Override
  Consumption consumption(Policy policy, long cost) {
    return pair(policy, atMicros());
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
  void store() {
    keptPrevious = previous;
    keptCurrent = current;
  }
}
