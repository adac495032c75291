package io.ratelimiter.service;

import io.ratelimiter.service.decisions.DecisionPublisher;
import io.ratelimiter.service.decisions.MadeAdjustment;
import io.ratelimiter.service.decisions.MadeDecision;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Records what the service publishes. */
public final class RecordingPublisher implements DecisionPublisher {

  private final Queue<MadeDecision> decisions = new ConcurrentLinkedQueue<>();
  private final Queue<MadeAdjustment> adjustments = new ConcurrentLinkedQueue<>();

  @Override
  public void publish(MadeDecision decision) {
    decisions.add(decision);
  }

  @Override
  public void publish(MadeAdjustment adjustment) {
    adjustments.add(adjustment);
  }

  /** All decisions so far, in order. */
  public List<MadeDecision> decisions() {
    return List.copyOf(decisions);
  }

  /** Decisions of this client, in order. */
  public List<MadeDecision> decisionsOf(String clientId) {
    return decisions.stream().filter(made -> made.check().clientId().equals(clientId)).toList();
  }

  /** Adjustments of this client, in order. */
  public List<MadeAdjustment> adjustmentsOf(String clientId) {
    return adjustments.stream().filter(made -> made.check().clientId().equals(clientId)).toList();
  }

  /** Number of decisions and adjustments so far. */
  public int count() {
    return decisions.size() + adjustments.size();
  }
}
