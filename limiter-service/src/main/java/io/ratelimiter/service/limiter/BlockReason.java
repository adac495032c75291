package io.ratelimiter.service.limiter;

/** Why a limit blocked a check. */
public enum BlockReason {
  /** Too many units were consumed: the same cost passes later. */
  LIMIT_EXCEEDED("limit_exceeded"),
  /** The cost is above the limit (or the bucket's capacity): it can never pass. */
  COST_EXCEEDS_LIMIT("cost_exceeds_limit");

  private final String wireName;

  BlockReason(String wireName) {
    this.wireName = wireName;
  }

  public String wireName() {
    return wireName;
  }
}
