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
 * The account book that the decisions topic is, read as any consumer could: what was told, what was
 * told twice, and what the ledgers say is lost. Holds it against what callers were answered.
 */
public final class Books {

  private final EventReader reader = new EventReader();
  private final Map<String, Told> decisions = new HashMap<>();
  private final Map<String, Told> adjustments = new HashMap<>();
  private final Map<SeriesName, SeriesAccount> series = new TreeMap<>(SeriesName.IN_ORDER);
  private final List<String> faults = new ArrayList<>();
  private long duplicates;

  /** What is kept of an event, so that a million fit. */
  private record Told(boolean allowed, int hash) {}

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
        Told told = new Told(event.allowed(), event.hashCode());
        count(event.decisionId(), decisions.putIfAbsent(event.decisionId(), told), told);
      }
      case EventHeaders.TYPE_ADJUSTMENT -> {
        AdjustmentEvent event = reader.adjustment(message.value());
        book(message, event.position());
        Told told = new Told(true, event.hashCode());
        count(event.adjustmentId(), adjustments.putIfAbsent(event.adjustmentId(), told), told);
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
      faults.add(position + " stands on partition " + message.partition());
    }
    account(position.instance(), position.epoch(), position.partition()).number(position.seq());
  }

  private void count(String id, @Nullable Told before, Told now) {
    if (before != null) {
      duplicates++;
      if (!before.equals(now)) {
        faults.add("told twice, differently: " + id);
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

  /** Ids of the decisions told. */
  public Set<String> decisions() {
    // Not a copy: running ids have running hashes, which an immutable set would probe one by one.
    return Collections.unmodifiableSet(decisions.keySet());
  }

  /** Ids of the adjustments told. */
  public Set<String> adjustments() {
    return Collections.unmodifiableSet(adjustments.keySet());
  }

  /** How many decisions were told that allowed, or that blocked; each counted once. */
  public long decisions(boolean allowed) {
    return decisions.values().stream().filter(told -> told.allowed() == allowed).count();
  }

  /** Records that told something again. */
  public long duplicates() {
    return duplicates;
  }

  /** Every series that was heard of. */
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

  /** Epochs that were heard of. */
  public Set<String> epochs() {
    Set<String> epochs = new HashSet<>();
    series.keySet().forEach(name -> epochs.add(name.epoch()));
    return epochs;
  }

  /** Numbers lost in all series, as the ledgers tell. */
  public long lost() {
    return series.values().stream().mapToLong(SeriesAccount::lost).sum();
  }

  /**
   * What does not fit: records that contradict each other, and callers' answers that the topic does
   * not tell, tells otherwise, or that nobody was given. Empty when the books balance.
   *
   * @param answered verdict by decision id, of every answer that a caller received
   * @param unanswered how many requests got no answer: so many decisions may be told beyond
   */
  public List<String> discrepancies(Map<String, Boolean> answered, long unanswered) {
    List<String> found = new ArrayList<>(faults);
    answered.forEach((id, allowed) -> {
      Told told = decisions.get(id);
      if (told == null) {
        found.add("not told: " + id);
      } else if (told.allowed() != allowed) {
        found.add("told otherwise: " + id);
      }
    });
    long beyond = decisions.keySet().stream().filter(id -> !answered.containsKey(id)).count();
    if (beyond > unanswered) {
      found.add(beyond + " decisions told that nobody was given, unanswered " + unanswered);
    }
    return found;
  }
}
