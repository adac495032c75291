package io.ratelimiter.service.api.eventloop;

import io.netty.channel.Channel;
import io.ratelimiter.service.api.eventloop.request.IncomingRequest;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a connection is doing, for which request, and until when. Shared by the parts of the
 * connection; used on its event loop alone.
 */
final class ConnectionState {

  /** The phases of a connection, in the order of one request. */
  enum Phase {
    /** Between two requests. */
    IDLE,
    /** The connection is new, or a part of a head has arrived. */
    HEAD,
    /** The head has arrived, the body not completely. */
    BODY,
    /** The answer is being made. */
    DECIDING,
    /** The answer is made and is sent when its caller may start. */
    HELD,
    /** The answer is being sent while it is made. */
    STREAMING,
    /** The answer is complete and being sent. */
    WRITING,
    /** The last answer has been sent; bytes that still arrive are discarded. */
    DISCARDING,
    CLOSED
  }

  private static final long NEVER = Long.MIN_VALUE;

  final SharedParts shared;
  final FrontDoorProperties limits;
  final LoopCallers callers;
  final Channel channel;
  private Phase phase = Phase.HEAD;
  private long deadlineNanos;
  private @Nullable IncomingRequest request;
  private boolean inFlight;

  ConnectionState(SharedParts shared, LoopCallers callers, Channel channel) {
    this.shared = shared;
    this.limits = shared.properties();
    this.callers = callers;
    this.channel = channel;
    within(limits.headTimeout());
  }

  /** The request being read or answered; null between two requests. */
  @Nullable IncomingRequest request() {
    return request;
  }

  boolean in(Phase expected) {
    return phase == expected;
  }

  boolean in(Phase expected, IncomingRequest of) {
    return phase == expected && request == of;
  }

  /** Whether a part of a request has arrived and the rest is awaited. */
  boolean reading() {
    return phase == Phase.HEAD || phase == Phase.BODY;
  }

  /** Whether an answer is being made, held or sent. */
  boolean answering() {
    return switch (phase) {
      case DECIDING, HELD, STREAMING, WRITING -> true;
      case IDLE, HEAD, BODY, DISCARDING, CLOSED -> false;
    };
  }

  void enter(Phase next) {
    phase = next;
  }

  void enter(Phase next, Duration bound) {
    phase = next;
    within(bound);
  }

  void begin(IncomingRequest next) {
    request = next;
    enter(Phase.BODY, limits.bodyTimeout());
  }

  /** Sets the deadline of the current phase. */
  void within(Duration bound) {
    deadlineNanos = callers.nowNanos() + bound.toNanos();
  }

  /** Removes the deadline: the current phase may take any time. */
  void unlimited() {
    deadlineNanos = NEVER;
  }

  boolean late(long nowNanos) {
    return deadlineNanos != NEVER && nowNanos - deadlineNanos >= 0;
  }

  /** Counts the request as in flight; false when the max is reached and it must be refused. */
  boolean enterInFlight() {
    inFlight = true;
    return shared.enterInFlight();
  }

  /** The request is no longer in flight; has no effect when it was not. */
  void leaveInFlight() {
    if (inFlight) {
      inFlight = false;
      shared.leaveInFlight();
    }
  }

  /** The answer to the current request has been sent, with this HTTP status. */
  void answered(int status) {
    if (request != null) {
      request.answered(status, shared.metrics());
      request = null;
    }
  }
}
