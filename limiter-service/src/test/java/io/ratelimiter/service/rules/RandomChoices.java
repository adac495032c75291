package io.ratelimiter.service.rules;

import java.util.Random;
import java.util.random.RandomGenerator;

/** Draws what the generators of random rules have in common. */
final class RandomChoices {

  private final RandomGenerator random;

  RandomChoices(long seed) {
    random = new Random(seed);
  }

  /** From 0 to {@code bound} − 1. */
  int below(int bound) {
    return random.nextInt(bound);
  }

  boolean oneIn(int number) {
    return below(number) == 0;
  }

  String pick(String... choices) {
    return choices[below(choices.length)];
  }

  /** Makes one rule in {@code exempt} exempt, and one in {@code always} of the others always. */
  RuleBuilder exemptOrAlways(RuleBuilder rule, int exempt, int always) {
    if (oneIn(exempt)) {
      return rule.exempt();
    }
    return oneIn(always) ? rule.always() : rule;
  }

  /** Gives one rule in {@code number} a start before {@code lastMillis}, and one an end. */
  RuleBuilder validity(RuleBuilder rule, int number, int lastMillis) {
    long from = below(lastMillis);
    RuleBuilder next = oneIn(number) ? rule.from(from) : rule;
    return oneIn(number) ? next.until(from + 1 + below(3)) : next;
  }
}
