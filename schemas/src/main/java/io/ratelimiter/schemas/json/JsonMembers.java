package io.ratelimiter.schemas.json;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.io.SerializedString;

/**
 * Writes members of JSON objects. Names are {@link SerializedString}s, which are escaped and
 * encoded once and not with each write.
 */
public final class JsonMembers {

  private static final int FRACTION_DIGITS = 3;

  private JsonMembers() {}

  public static void write(JsonGenerator out, SerializedString name, @Nullable String value) {
    out.writeName(name);
    if (value == null) {
      out.writeNull();
    } else {
      out.writeString(value);
    }
  }

  public static void write(JsonGenerator out, SerializedString name, long value) {
    out.writeName(name);
    out.writeNumber(value);
  }

  public static void write(JsonGenerator out, SerializedString name, @Nullable Long value) {
    out.writeName(name);
    if (value == null) {
      out.writeNull();
    } else {
      out.writeNumber(value.longValue());
    }
  }

  public static void write(JsonGenerator out, SerializedString name, boolean value) {
    out.writeName(name);
    out.writeBoolean(value);
  }

  public static void write(JsonGenerator out, SerializedString name, @Nullable Boolean value) {
    out.writeName(name);
    if (value == null) {
      out.writeNull();
    } else {
      out.writeBoolean(value);
    }
  }

  /** Writes milliseconds as seconds with three decimals, or null. */
  public static void writeSeconds(JsonGenerator out, SerializedString name, @Nullable Long millis) {
    out.writeName(name);
    if (millis == null) {
      out.writeNull();
    } else {
      out.writeNumber(seconds(millis));
    }
  }

  /** Equal to {@link BigDecimal#toString}, but faster: each check needs it four times. */
  static String seconds(long millis) {
    if (millis < 1_000) {
      return BigDecimal.valueOf(millis, FRACTION_DIGITS).toPlainString();
    }
    StringBuilder text = new StringBuilder(20).append(millis);
    return text.insert(text.length() - FRACTION_DIGITS, '.').toString();
  }
}
