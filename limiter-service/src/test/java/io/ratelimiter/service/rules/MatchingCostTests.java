package io.ratelimiter.service.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.ratelimiter.service.limiter.Check;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The cost of one match, with few rules and with many. */
class MatchingCostTests {

  private static final int FEW = 10;
  private static final int MANY = 100_000;
  private static final int LOOKUPS = 200_000;
  private static final int ROUNDS = 15;
  private static final String[] CLIENTS = {"client-1", "client-2", "client-3", "other"};

  private final Map<String, List<Check>> checks = new HashMap<>();

  private long applied;

  @Test
  void aMatchAmongAHundredThousandRulesCostsNoMoreThanAmongTen() {
    RuleSet few = clients(FEW);
    RuleSet many = clients(MANY);
    lookUp(few);
    lookUp(many);
    long minFew = Long.MAX_VALUE;
    long minMany = Long.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      minFew = Math.min(minFew, lookUp(few));
      minMany = Math.min(minMany, lookUp(many));
    }

    System.out.printf(
        "match: %d ns with %d rules, %d ns with %d rules%n",
        minFew / LOOKUPS, FEW, minMany / LOOKUPS, MANY);
    assertThat(applied).isEqualTo(LOOKUPS * 2L * (ROUNDS + 1));
    // On a busy machine, two equal costs differ by less than this factor.
    assertThat(minMany).isLessThan(minFew * 2);
  }

  @Test
  void aMatchInLayersAmongAHundredThousandRulesCostsNoMoreThanAmongTen() {
    RuleSet few = layers(FEW);
    RuleSet many = layers(MANY);
    Check check = new Check("default", "client-1", "login", Attributes.of(Map.of("ip", "ip-1")), 1);
    assertThat(many.match(check, 0).rules()).hasSize(4);
    lookUp(few, check);
    lookUp(many, check);
    long minFew = Long.MAX_VALUE;
    long minMany = Long.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      minFew = Math.min(minFew, lookUp(few, check));
      minMany = Math.min(minMany, lookUp(many, check));
    }

    System.out.printf(
        "match in 4 layers: %d ns with %d rules, %d ns with %d rules%n",
        minFew / LOOKUPS, FEW, minMany / LOOKUPS, MANY);
    assertThat(minMany).isLessThan(minFew * 2);
  }

  private long lookUp(RuleSet set, Check check) {
    long start = System.nanoTime();
    for (int i = 0; i < LOOKUPS; i++) {
      applied += set.match(check, i).rules().size();
    }
    return System.nanoTime() - start;
  }

  /** Rules of the tenant, of addresses, of clients, and of both. */
  private static RuleSet layers(int count) {
    List<AnyRule> rules = new ArrayList<>();
    rules.add(RuleBuilder.rule(1, "*", "*").by().build());
    rules.add(RuleBuilder.rule(2, "*", "*").match("ip", "*").by("ip").build());
    rules.add(RuleBuilder.rule(3, "*", "*").build());
    rules.add(RuleBuilder.rule(4, "*", "*").by("client_id", "ip").build());
    for (int id = 5; id <= count; id++) {
      rules.add(
          id % 2 == 0
              ? RuleBuilder.rule(id, "*", "*").match("ip", "ip-" + id).by("ip").build()
              : RuleBuilder.rule(id, "client-" + id, "*").build());
    }
    return new RuleSet(1, rules);
  }

  @Test
  void aMatchAllocatesNothing() {
    RuleSet many = clients(MANY);
    lookUp(many);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();

    lookUp(many);

    // The measurement itself allocates.
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(10_000);
  }

  /** A tenant with rules for one client only, and a tenant with an exempt rule for everything. */
  @Test
  void aFallbackAndAnExemptionAllocateNothing() {
    RuleSet set =
        new RuleSet(
            1,
            List.of(
                RuleBuilder.rule(1, "*", "*").build(),
                RuleBuilder.rule(2, "client-1", "*").of("acme").build(),
                RuleBuilder.rule(3, "*", "*").of("free").exempt().build()));
    lookUp(set, "acme");
    lookUp(set, "free");
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();

    lookUp(set, "acme");
    lookUp(set, "free");

    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(10_000);
    assertThat(applied).isEqualTo(2L * LOOKUPS);
  }

  private long lookUp(RuleSet set) {
    return lookUp(set, "default");
  }

  private long lookUp(RuleSet set, String tenant) {
    List<Check> own =
        checks.computeIfAbsent(
            tenant,
            _ -> Arrays.stream(CLIENTS).map(name -> new Check(tenant, name, "login", 1)).toList());
    long start = System.nanoTime();
    for (int i = 0; i < LOOKUPS; i++) {
      applied += set.match(own.get(i & 3), i).rules().size();
    }
    return System.nanoTime() - start;
  }

  private static RuleSet clients(int count) {
    List<AnyRule> rules = new ArrayList<>();
    rules.add(RuleBuilder.rule(1, "*", "*").build());
    for (int id = 2; id <= count; id++) {
      rules.add(RuleBuilder.rule(id, "client-" + (id - 1), "*").build());
    }
    return new RuleSet(1, rules);
  }
}
