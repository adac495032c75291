package io.ratelimiter.service.rules;

import java.util.OptionalLong;

/**
 * How a rule is to be changed.
 *
 * @param author who changes it, for the history
 * @param correlationId of the request, for the history
 * @param seenRevision revision of the rule that the author has seen; empty: whatever it is
 * @param validateOnly nothing is changed, only said what would come of it
 */
public record ChangeRequest(
    String author, String correlationId, OptionalLong seenRevision, boolean validateOnly) {

  /** Whether the rule is not as the author has seen it. */
  boolean outdated(StoredRule current) {
    return seenRevision.isPresent() && seenRevision.getAsLong() != current.revision();
  }
}
