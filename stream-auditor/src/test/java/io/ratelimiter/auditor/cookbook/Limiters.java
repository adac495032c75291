package io.ratelimiter.auditor.cookbook;

import io.ratelimiter.auditor.Publisher;
import io.ratelimiter.schemas.SeriesPosition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Publishes calls as limiters do: some twice, some from the spool up to 25 minutes later, and three
 * never.
 */
final class Limiters {

  private static final long MINUTE_MILLIS = 60_000;

  private record Sent(long appendMillis, Call call, Publisher by, SeriesPosition at) {}

  private final Publisher one;
  private final Publisher two;
  private final long lossBegin;
  private final long nowMillis;

  /** Creates limiters; the losses are in the middle of an hour of the day before. */
  Limiters(Publisher one, Publisher two, Callers callers, Instant now) {
    this.one = one;
    this.two = two;
    lossBegin = callers.lastHourMicros() / 1_000 - (27 * 60 - 30) * MINUTE_MILLIS;
    nowMillis = now.toEpochMilli();
  }

  /** Publishes the calls, and the last ledgers; returns how many arrived. */
  int publish(List<Call> calls) {
    List<Sent> sent = new ArrayList<>();
    int lost = 0;
    for (int i = 0; i < calls.size(); i++) {
      Call call = calls.get(i);
      Publisher by = call.instance().equals(one.instance()) ? one : two;
      SeriesPosition at = by.position(call.tenant(), call.client());
      long millis = call.atMicros() / 1_000;
      if (lost < 3 && millis >= lossBegin && call.outcome() == Call.Outcome.LIMIT_EXCEEDED) {
        lost++;
      } else {
        sent.add(new Sent(Math.min(nowMillis, millis + delayMillis(i)), call, by, at));
        if (i % 97 == 0) {
          sent.add(sent.getLast());
        }
      }
    }
    sent.sort(Comparator.comparingLong(Sent::appendMillis));
    sendInOrder(sent);
    for (Publisher by : List.of(one, two)) {
      by.sendLedgers(true, nowMillis);
      by.flush();
    }
    return calls.size() - lost;
  }

  /** Two producers overtake each other between flushes: by less than the max lateness. */
  private void sendInOrder(List<Sent> all) {
    long flushedMillis = 0;
    for (Sent sent : all) {
      if (sent.appendMillis() > flushedMillis + 10 * MINUTE_MILLIS) {
        one.flush();
        two.flush();
        flushedMillis = sent.appendMillis();
      }
      send(sent);
    }
  }

  private static long delayMillis(int i) {
    return i % 50 == 0 ? (15 + i % 11) * MINUTE_MILLIS : 5;
  }

  private static void send(Sent sent) {
    byte[] event = sent.call().event(sent.at());
    sent.by().sendAt(sent.appendMillis(), sent.at(), sent.call().key(), sent.call().type(), event);
  }
}
