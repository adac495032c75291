package io.ratelimiter.schemas;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Reads arrays and objects of strings; a value of another type becomes null. */
final class Texts {

  private Texts() {}

  /** Reads the current array up to its end. */
  static List<@Nullable String> array(JsonParser in) {
    List<@Nullable String> texts = new ArrayList<>(2);
    while (in.nextToken() != JsonToken.END_ARRAY) {
      texts.add(text(in));
    }
    return texts;
  }

  /** Reads the current object up to its end; of members with one name, the last is kept. */
  static Map<String, @Nullable String> object(JsonParser in) {
    Map<String, @Nullable String> texts = new TreeMap<>();
    for (String name = in.nextName(); name != null; name = in.nextName()) {
      in.nextToken();
      texts.put(name, text(in));
    }
    return texts;
  }

  private static @Nullable String text(JsonParser in) {
    if (in.currentToken() == JsonToken.VALUE_STRING) {
      return in.getString();
    }
    in.skipChildren();
    return null;
  }
}
