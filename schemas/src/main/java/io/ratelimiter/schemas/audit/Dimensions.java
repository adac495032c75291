package io.ratelimiter.schemas.audit;

import java.util.List;

/**
 * The key of a row within its generation and partition.
 *
 * @param start of its span, seconds since 1970
 * @param part of a minute: events that arrived up to ten minutes after its end are in part 0, each
 *     further ten minutes have a part of their own; 0 for hours and days
 * @param ruleRevision of a total's rule, 0 without a rule; 0 for other kinds
 * @param texts the values of the kind's dimensions, in their order; a tenant is that of the caller,
 *     but that of the rule in a total
 */
public record Dimensions(Kind kind, long start, int part, long ruleRevision, List<String> texts) {

  /** Max part, that of an event which arrives seven months late. */
  public static final int MAX_PART = Short.MAX_VALUE;

  public Dimensions {
    texts = List.copyOf(texts);
    if (texts.size() != kind.dimensions().size()) {
      throw new IllegalArgumentException(
          "%s has %d texts, not %d".formatted(kind, texts.size(), kind.dimensions().size()));
    }
  }

  public static Dimensions of(Kind kind, long start, int part, String... texts) {
    return new Dimensions(kind, start, part, 0, List.of(texts));
  }

  /** The value of one of the kind's dimensions. */
  public String text(Dimension dimension) {
    return texts.get(kind.dimensions().indexOf(dimension));
  }
}
