package io.ratelimiter.schemas;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** Reads and writes the attributes of an event and the counters of its limits. */
final class EventAttributes {

  private static final Set<String> FIELDS = Set.of("client_id", "limit_key", "tenant");

  private EventAttributes() {}

  /** An immutable copy in ascending order of names; allocates nothing when there are none. */
  static Map<String, String> sorted(Map<String, String> attributes) {
    return attributes.isEmpty()
        ? Map.of()
        : Collections.unmodifiableSortedMap(new TreeMap<>(attributes));
  }

  /** Writes nothing when there are none. */
  static void write(JsonGenerator out, Map<String, String> attributes) {
    if (attributes.isEmpty()) {
      return;
    }
    out.writeName(FieldName.ATTRIBUTES.json());
    out.writeStartObject();
    attributes.forEach((name, value) -> {
      out.writeName(name);
      out.writeString(value);
    });
    out.writeEndObject();
  }

  /** Writes nothing for a limit without {@code by}. */
  static void write(JsonGenerator out, @Nullable Counter counter) {
    if (counter != null) {
      write(out, FieldName.BY, counter.by());
      write(out, FieldName.COUNTER, counter.values());
    }
  }

  private static void write(JsonGenerator out, FieldName name, List<String> texts) {
    out.writeName(name.json());
    out.writeStartArray();
    texts.forEach(out::writeString);
    out.writeEndArray();
  }

  /** The attributes of an event; empty when the field is absent. */
  static Map<String, String> attributes(EventFields fields) {
    if (fields.isAbsent(FieldName.ATTRIBUTES)) {
      return Map.of();
    }
    Map<String, @Nullable String> found = fields.textObject(FieldName.ATTRIBUTES);
    if (found.isEmpty() || found.size() > Bounds.MAX_ATTRIBUTES) {
      throw new UnreadableEventException(
          "attributes has %d members, not from 1 to %d"
              .formatted(found.size(), Bounds.MAX_ATTRIBUTES));
    }
    SortedMap<String, String> attributes = new TreeMap<>();
    found.forEach((name, value) -> {
      requireName("attributes", name);
      if (FIELDS.contains(name)) {
        throw new UnreadableEventException(
            "attributes has " + name + ", which is a field of its own");
      }
      attributes.put(name, value("attributes." + name, value));
    });
    return attributes;
  }

  /** The counter of a limit; null when both fields are absent. */
  static @Nullable Counter counter(EventFields fields) {
    if (fields.isAbsent(FieldName.BY) && fields.isAbsent(FieldName.COUNTER)) {
      return null;
    }
    List<String> by = names(fields.textArray(FieldName.BY));
    List<@Nullable String> found = fields.textArray(FieldName.COUNTER);
    if (found.size() != by.size()) {
      throw new UnreadableEventException(
          "counter has %d values, but by has %d names".formatted(found.size(), by.size()));
    }
    List<String> values = new ArrayList<>(found.size());
    for (int i = 0; i < found.size(); i++) {
      values.add(value("counter[" + i + "]", found.get(i)));
    }
    return new Counter(by, values);
  }

  private static List<String> names(List<@Nullable String> found) {
    if (found.size() > Bounds.MAX_BY) {
      throw new UnreadableEventException(
          "by has %d names, more than %d".formatted(found.size(), Bounds.MAX_BY));
    }
    List<String> by = new ArrayList<>(found.size());
    for (String name : found) {
      String next = requireName("by", name);
      if (next.equals("tenant")) {
        throw new UnreadableEventException("by has tenant, which is no attribute");
      }
      if (by.contains(next)) {
        throw new UnreadableEventException("by has " + next + " twice");
      }
      by.add(next);
    }
    return by;
  }

  private static String requireName(String field, @Nullable String name) {
    if (name == null || !Bounds.isAttributeName(name)) {
      // Not in the message, since an invalid name may be as long as the record.
      throw new UnreadableEventException(field + " has a name that is not [a-z][a-z0-9_.-]{0,62}");
    }
    return name;
  }

  private static String value(String field, @Nullable String value) {
    String fault =
        value == null ? "is not a string" : Bounds.textFault(value, Bounds.MAX_TEXT_BYTES);
    if (fault == null && "*".equals(value)) {
      fault = "is not an identifier, but the wildcard";
    }
    if (value == null || fault != null) {
      throw new UnreadableEventException(field + " " + fault);
    }
    return value;
  }
}
