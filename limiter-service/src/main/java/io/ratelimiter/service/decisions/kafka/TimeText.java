package io.ratelimiter.service.decisions.kafka;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

/**
 * Formats instants exactly as {@link Instant#toString}, which computes year, month and day each
 * time: the text of the last second is cached and only the fraction is formatted. Thread-safe.
 */
final class TimeText {

  private static final long SECOND_MICROS = 1_000_000;

  /** A second as text, without the {@code Z} at its end. */
  private record Second(long number, String text) {

    static Second of(long number) {
      String text = Instant.ofEpochSecond(number).toString();
      return new Second(number, text.substring(0, text.length() - 1));
    }
  }

  private volatile Second last = Second.of(0);

  /**
   * ASCII bytes of an instant.
   *
   * @param micros microseconds since 1970
   */
  byte[] of(long micros) {
    String second = second(Math.floorDiv(micros, SECOND_MICROS));
    int fraction = (int) Math.floorMod(micros, SECOND_MICROS);
    if (fraction == 0) {
      return ascii(second + 'Z', second.length() + 1);
    }
    return fraction % 1_000 == 0
        ? withFraction(second, fraction / 1_000, 3)
        : withFraction(second, fraction, 6);
  }

  private String second(long number) {
    Second known = last;
    if (known.number() != number) {
      known = Second.of(number);
      last = known;
    }
    return known.text();
  }

  private static byte[] withFraction(String second, int fraction, int digits) {
    int end = second.length() + 1 + digits;
    byte[] text = ascii(second, end + 1);
    text[second.length()] = '.';
    int rest = fraction;
    for (int i = end - 1; i > second.length(); i--) {
      text[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    text[end] = 'Z';
    return text;
  }

  private static byte[] ascii(String text, int length) {
    return Arrays.copyOf(text.getBytes(StandardCharsets.US_ASCII), length);
  }
}
