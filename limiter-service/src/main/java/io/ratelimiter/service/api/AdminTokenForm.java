package io.ratelimiter.service.api;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an admin token must be. Separate from {@link AdminToken}, because the environment is checked
 * before logging is configured, and a class with a logger would configure it too early.
 */
public final class AdminTokenForm {

  /** The rule, for messages. */
  public static final String RULE = "16 to 512 printable ASCII characters without spaces";

  private static final Pattern FORM = Pattern.compile("[!-~]{16,512}");

  private AdminTokenForm() {}

  /** Whether a configured token follows {@link #RULE} or is empty. */
  public static boolean acceptable(@Nullable String token) {
    return token == null || token.isEmpty() || FORM.matcher(token).matches();
  }
}
