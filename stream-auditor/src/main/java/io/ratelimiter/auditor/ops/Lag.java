package io.ratelimiter.auditor.ops;

/** Waiting records by stage; NaN while unknown, because no partition is read. */
interface Lag {

  /** On the decisions topic. */
  double ofTopology();

  /** On the auditor's own topics. */
  double ofStore();
}
