package io.ratelimiter.service.check;

import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Generates ids that are unique across processes and restarts: 80 random bits per instance of this
 * class, then a count. Costs an increment, where a random UUID costs a synchronized generator. Each
 * id matches {@code [0-9a-v]{16}-[0-9a-z]+}.
 */
public final class UniqueIds {

  private static final int PREFIX_CHARACTERS = 16;
  private static final int BASE = 32;
  private static final int COUNT_BASE = 36;

  private final String prefix;
  private final AtomicLong count = new AtomicLong();

  public UniqueIds() {
    SecureRandom random = new SecureRandom();
    StringBuilder characters = new StringBuilder(PREFIX_CHARACTERS + 1);
    for (int i = 0; i < PREFIX_CHARACTERS; i++) {
      characters.append(Character.forDigit(random.nextInt(BASE), BASE));
    }
    prefix = characters.append('-').toString();
  }

  /** The next id. */
  public String next() {
    return prefix + Long.toString(count.incrementAndGet(), COUNT_BASE);
  }
}
