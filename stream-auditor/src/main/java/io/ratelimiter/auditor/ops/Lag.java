package io.ratelimiter.auditor.ops;

/** Records that wait, by stage; NaN while nothing is known, because no partition is read. */
interface Lag {

  /** On the decisions topic. */
  double ofTopology();

  /** On the auditor's own topics. */
  double ofStore();
}
