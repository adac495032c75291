package io.ratelimiter.service.page;

import io.ratelimiter.service.api.http.ProblemException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;

/**
 * Checks at equal intervals.
 *
 * @param atMillis time of the first, from the start of a window
 */
record Burst(long atMillis, int checks, long everyMillis) {

  private static final Pattern FORM = Pattern.compile("(\\d{1,9}):(\\d{1,9}):(\\d{1,9})");
  private static final int MAX_BURSTS = 8;
  private static final long MAX_MILLIS = 3_600_000;

  /** Of all bursts together, which limits the cost of one answer to a few milliseconds. */
  static final int MAX_CHECKS = 1_000;

  /**
   * Parses {@code at:checks:every}, separated by commas, times in milliseconds.
   *
   * @throws ProblemException 400, naming the fault
   */
  static List<Burst> read(String text) {
    List<Burst> bursts = new ArrayList<>();
    for (String part : text.split(",", MAX_BURSTS + 1)) {
      Matcher form = FORM.matcher(part);
      if (bursts.size() == MAX_BURSTS || !form.matches()) {
        throw ProblemException.invalid(
            "bursts must be 1 to %d times at:checks:every with commas between, times in milliseconds"
                .formatted(MAX_BURSTS));
      }
      bursts.add(
          new Burst(
              Parameters.number("at", form.group(1), 0, MAX_MILLIS),
              (int) Parameters.number("checks", form.group(2), 1, MAX_CHECKS),
              Parameters.number("every", form.group(3), 0, MAX_MILLIS)));
    }
    if (bursts.stream().mapToInt(Burst::checks).sum() > MAX_CHECKS) {
      throw ProblemException.invalid(
          "bursts must have at most %d checks together".formatted(MAX_CHECKS));
    }
    return bursts;
  }

  /** Times of the checks, milliseconds from the start of a window. */
  LongStream times() {
    return LongStream.range(0, checks).map(check -> atMillis + check * everyMillis);
  }
}
