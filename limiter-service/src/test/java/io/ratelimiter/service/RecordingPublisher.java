package io.ratelimiter.service;

import io.ratelimiter.service.check.AdjustmentResult;
import io.ratelimiter.service.check.CheckResult;
import io.ratelimiter.service.check.DecisionPublisher;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Records the decisions and adjustments that the service publishes. */
public final class RecordingPublisher implements DecisionPublisher {

  private final Queue<CheckResult> decisions = new ConcurrentLinkedQueue<>();
  private final Queue<AdjustmentResult> adjustments = new ConcurrentLinkedQueue<>();

  @Override
  public void publish(CheckResult decision) {
    decisions.add(decision);
  }

  @Override
  public void publish(AdjustmentResult adjustment) {
    adjustments.add(adjustment);
  }

  /** All decisions so far, in order. */
  public List<CheckResult> decisions() {
    return List.copyOf(decisions);
  }

  /** Decisions of this client, in order. */
  public List<CheckResult> decisionsOf(String clientId) {
    return decisions.stream().filter(made -> made.check().clientId().equals(clientId)).toList();
  }

  /** Adjustments of this client, in order. */
  public List<AdjustmentResult> adjustmentsOf(String clientId) {
    return adjustments.stream().filter(made -> made.check().clientId().equals(clientId)).toList();
  }

  /** Number of decisions and adjustments so far. */
  public int count() {
    return decisions.size() + adjustments.size();
  }
}
