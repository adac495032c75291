package io.ratelimiter.service.rules;

import io.ratelimiter.service.limiter.Bucket;
import io.ratelimiter.service.limiter.Check;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Matches a check with few and with many rules. */
@State(Scope.Benchmark)
public class MatchBenchmark {

  @Param({"10", "100000"})
  int rules;

  private RuleSet set;

  @Setup
  public void compile() {
    List<Rule> all = new ArrayList<>();
    all.add(Bucket.rule(1, "*"));
    for (int i = 2; i <= rules; i++) {
      all.add(Bucket.rule(i, "client-" + i));
    }
    set = new RuleSet(1, all);
  }

  @Benchmark
  public Match ruleOfAllClients() {
    return set.match(new Check("default", "client-without-rule", "global", 1), 1_795_516_257_866L);
  }

  @Benchmark
  public Match ruleOfOneClient() {
    return set.match(new Check("default", "client-7", "global", 1), 1_795_516_257_866L);
  }
}
