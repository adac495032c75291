package io.ratelimiter.auditor;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Generates the decisions of two limiters with faults: some are spooled and sent late and out of
 * order, some are sent twice, some never. Equal seeds generate equal traffic.
 */
final class Traffic {

  private static final String[] KEYS = {"global", "search", "/v1/orders"};
  private static final int MINUTES = 8;

  private record Spooled(TestDecision decision, Publisher by, long seq) {}

  private final Random random;
  private final ExpectedTables expected;
  private final long endMicros;
  private final int clients;
  private final List<Spooled> spool = new ArrayList<>();
  private final List<Spooled> all = new ArrayList<>();
  private boolean keepsAll;

  /**
   * Creates a generator.
   *
   * @param endMicros end of the minutes in which the events are
   * @param clients number of clients, a few of them frequent
   */
  Traffic(long seed, ExpectedTables expected, long endMicros, int clients) {
    this.random = new Random(seed);
    this.expected = expected;
    this.endMicros = endMicros;
    this.clients = clients;
  }

  /** Keeps everything that is sent from now on, for {@link #replayAll}. */
  Traffic keepingAll() {
    keepsAll = true;
    return this;
  }

  /** Sends everything that was kept again, the latest first, by publishers of the same names. */
  void replayAll(List<Publisher> publishers) {
    for (Spooled sent : all.reversed()) {
      expected.duplicate();
      for (Publisher publisher : publishers) {
        if (publisher.instance().equals(sent.by().instance())) {
          publisher.sendAs(sent.decision(), sent.seq());
        }
      }
    }
  }

  void send(int count, List<Publisher> publishers) {
    for (int i = 0; i < count; i++) {
      Publisher publisher = publishers.get(random.nextInt(publishers.size()));
      TestDecision decision = decision();
      send(decision, publisher, random.nextInt(10_000));
      if (random.nextInt(2_000) == 0) {
        replay();
      }
    }
    replay();
    publishers.forEach(Publisher::flush);
  }

  private void send(TestDecision decision, Publisher publisher, int fate) {
    long seq = publisher.number(decision);
    if (fate != 0 && keepsAll) {
      all.add(new Spooled(decision, publisher, seq));
    }
    if (fate == 0) {
      expected.lost();
      return;
    }
    expected.add(decision);
    if (fate < 100) {
      spool.add(new Spooled(decision, publisher, seq));
      return;
    }
    publisher.sendAs(decision, seq);
    if (fate < 150) {
      expected.duplicate();
      publisher.sendAs(decision, seq);
    }
  }

  private void replay() {
    for (Spooled spooled : spool.reversed()) {
      spooled.by().sendAs(spooled.decision(), spooled.seq());
    }
    spool.clear();
  }

  private TestDecision decision() {
    long at = endMicros - random.nextLong(MINUTES * 60_000_000L);
    double skewed = Math.pow(random.nextDouble(), 3);
    String client = "client-" + (int) (skewed * clients);
    TestDecision decision =
        random.nextInt(3) == 0
            ? TestDecision.blocked(client, at)
            : TestDecision.allowed(client, at);
    decision =
        decision
            .onKey(KEYS[random.nextInt(KEYS.length)])
            .withCost(1 + random.nextInt(3))
            .withLatency(100 + random.nextInt(3_000));
    return switch (random.nextInt(20)) {
      case 0 -> TestDecision.allowed(client, at).underRule(null);
      case 1 -> decision.failedClosed();
      case 2, 3 -> decision.withShadow(random.nextBoolean());
      case 4 -> decision.underRule("premium_client");
      default -> decision;
    };
  }
}
