package io.ratelimiter.service.api.access;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The form of a valid admin token. Separate from {@link AdminToken}, because the environment is
 * checked before logging is configured, and a class with a logger would configure it too early.
 */
public final class AdminTokenForm {

  /** The form in words, for messages. */
  public static final String RULE = "16 to 512 printable ASCII characters without spaces";

  private static final Pattern FORM = Pattern.compile("[!-~]{16,512}");

  private AdminTokenForm() {}

  /** Whether a configured token has this form, or is null or empty. */
  public static boolean acceptable(@Nullable String token) {
    return token == null || token.isEmpty() || FORM.matcher(token).matches();
  }
}
