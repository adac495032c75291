package io.ratelimiter.service.limiter.local;

import io.ratelimiter.service.limiter.TimedLimiter;
import io.ratelimiter.service.limiter.contract.ContractOfLimiters;

/** The reference model fulfils the contract. */
class ModelLimiterTests implements ContractOfLimiters {

  private final ModelLimiter model = new ModelLimiter();

  @Override
  public TimedLimiter limiter() {
    return model;
  }
}
