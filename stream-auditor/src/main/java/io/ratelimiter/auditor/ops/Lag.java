package io.ratelimiter.auditor.ops;

/** Records that wait, by stage; what is not known yet is 0. */
interface Lag {

  /** On the decisions topic. */
  double ofTopology();

  /** On the auditor's own topics. */
  double ofStore();
}
