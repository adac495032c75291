package io.ratelimiter.schemas;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * The events of the decisions topic: which were published, which are duplicates, and how many are
 * lost according to the ledgers. Compares them with the answers that callers received.
 */
public final class Books {

  private final EventReader reader = new EventReader();
  private final Map<String, Published> decisions = new HashMap<>();
  private final Map<String, Published> adjustments = new HashMap<>();
  private final Map<SeriesName, SeriesAccount> series = new TreeMap<>(SeriesName.IN_ORDER);
  private final List<String> faults = new ArrayList<>();
  private long duplicates;

  /** A summary of an event, small enough to keep a million. */
  private record Published(boolean allowed, int hash) {}

  /** Reads records of the decisions topic, in any order. */
  public static Books of(Collection<ConsumerRecord<byte[], byte[]>> topic) {
    Books books = new Books();
    topic.forEach(books::read);
    return books;
  }

  /** One series of one start of one publisher. */
  public record SeriesName(String instance, String epoch, int partition) {
    static final Comparator<SeriesName> IN_ORDER =
        Comparator.comparing(SeriesName::instance)
            .thenComparing(SeriesName::epoch)
            .thenComparing(SeriesName::partition);
  }

  /**
   * Reads one more record of the decisions topic.
   *
   * @throws UnreadableEventException when it is not an event
   */
  public void read(ConsumerRecord<byte[], byte[]> message) {
    switch (header(message, EventHeaders.CE_TYPE)) {
      case EventHeaders.TYPE_DECISION -> {
        DecisionEvent event = reader.decision(message.value());
        book(message, event.position());
        Published published = new Published(event.allowed(), event.hashCode());
        count(event.decisionId(), decisions.putIfAbsent(event.decisionId(), published), published);
      }
      case EventHeaders.TYPE_ADJUSTMENT -> {
        AdjustmentEvent event = reader.adjustment(message.value());
        book(message, event.position());
        Published published = new Published(true, event.hashCode());
        count(
            event.adjustmentId(),
            adjustments.putIfAbsent(event.adjustmentId(), published),
            published);
      }
      case EventHeaders.TYPE_LEDGER -> {
        LedgerEvent ledger = reader.ledger(message.value());
        account(ledger.instance(), ledger.epoch(), ledger.partition()).ledger(ledger);
      }
      default -> faults.add("unknown ce_type at offset " + message.offset());
    }
  }

  private void book(ConsumerRecord<byte[], byte[]> message, SeriesPosition position) {
    if (message.partition() != position.partition()) {
      faults.add(position + " is on partition " + message.partition());
    }
    account(position.instance(), position.epoch(), position.partition()).number(position.seq());
  }

  private void count(String id, @Nullable Published before, Published now) {
    if (before != null) {
      duplicates++;
      if (!before.equals(now)) {
        faults.add("duplicates differ: " + id);
      }
    }
  }

  private SeriesAccount account(String instance, String epoch, int partition) {
    return series.computeIfAbsent(
        new SeriesName(instance, epoch, partition), _ -> new SeriesAccount());
  }

  private static String header(ConsumerRecord<byte[], byte[]> message, String name) {
    Header header = message.headers().lastHeader(name);
    return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
  }

  /** Ids of the published decisions. */
  public Set<String> decisions() {
    // Not a copy: running ids have running hashes, which an immutable set would probe one by one.
    return Collections.unmodifiableSet(decisions.keySet());
  }

  /** Ids of the published adjustments. */
  public Set<String> adjustments() {
    return Collections.unmodifiableSet(adjustments.keySet());
  }

  /** Number of published decisions that allowed, or that blocked, without duplicates. */
  public long decisions(boolean allowed) {
    return decisions.values().stream().filter(published -> published.allowed() == allowed).count();
  }

  /** Number of duplicates. */
  public long duplicates() {
    return duplicates;
  }

  /** All series. */
  public Map<SeriesName, SeriesAccount> series() {
    return Map.copyOf(series);
  }

  /** The series of one epoch. */
  public List<SeriesAccount> epoch(String epoch) {
    return series.entrySet().stream()
        .filter(entry -> entry.getKey().epoch().equals(epoch))
        .map(Map.Entry::getValue)
        .toList();
  }

  /** All epochs. */
  public Set<String> epochs() {
    Set<String> epochs = new HashSet<>();
    series.keySet().forEach(name -> epochs.add(name.epoch()));
    return epochs;
  }

  /** Numbers lost in all series, according to the ledgers. */
  public long lost() {
    return series.values().stream().mapToLong(SeriesAccount::lost).sum();
  }

  /**
   * Differences between the topic and the answers: duplicates that differ, and decisions that are
   * not published, published with another verdict, or published without an answer.
   *
   * @param answered verdict by decision id, of all answers that callers received
   * @param unanswered requests without an answer: max decisions that may be published without one
   */
  public List<String> discrepancies(Map<String, Boolean> answered, long unanswered) {
    List<String> found = new ArrayList<>(faults);
    answered.forEach((id, allowed) -> {
      Published published = decisions.get(id);
      if (published == null) {
        found.add("not published: " + id);
      } else if (published.allowed() != allowed) {
        found.add("published with another verdict: " + id);
      }
    });
    long beyond = decisions.keySet().stream().filter(id -> !answered.containsKey(id)).count();
    if (beyond > unanswered) {
      found.add(
          beyond + " decisions published without an answer, unanswered requests " + unanswered);
    }
    return found;
  }
}
