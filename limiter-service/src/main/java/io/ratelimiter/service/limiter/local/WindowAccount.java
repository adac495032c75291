package io.ratelimiter.service.limiter.local;

import io.ratelimiter.service.limiter.evaluation.KeyState;
import io.ratelimiter.service.limiter.evaluation.WindowState;
import io.ratelimiter.service.rules.Policy;

/** A fixed window's count. */
final class WindowAccount extends Account {

  private long kept;
  private long used;

  /** Of the last evaluation. */
  private long windowMicros;

  @Override
  void evaluateAt(Policy policy, long ceiling, long lastMicros) {
    windowMicros = policy.windowMicros();
    boolean sameWindow = atMicros() / windowMicros == lastMicros / windowMicros;
    used = rebased() || sameWindow ? kept : 0;
  }

  @Override
  KeyState state(Policy policy, long cost) {
    return new WindowState((Policy.FixedWindow) policy, atMicros(), used);
  }

  @Override
  long consumed() {
    return used;
  }

  @Override
  void add(long cost) {
    used += cost;
  }

  @Override
  long remove(long cost) {
    long given = Math.min(used, cost);
    used -= given;
    return given;
  }

  @Override
  long removeOf(Charge charge, long given, long cost) {
    return charge.atMicros() / windowMicros == atMicros() / windowMicros ? remove(cost) : 0;
  }

  @Override
  void store() {
    kept = used;
  }
}
