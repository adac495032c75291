package io.ratelimiter.service.full;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An HTTP/1.1 answer as received. */
record RawAnswer(String text) {

  /** No answer; its status is 0. */
  static final RawAnswer CUT_OFF = new RawAnswer("HTTP/1.1 000 \r\n\r\n");

  int status() {
    return Integer.parseInt(text.substring("HTTP/1.1 ".length(), "HTTP/1.1 ".length() + 3));
  }

  /** The first value of a header; null if it is missing. */
  @Nullable String header(String name) {
    String head = text.substring(0, text.indexOf("\r\n\r\n"));
    Matcher found = Pattern.compile("(?im)^" + Pattern.quote(name) + ": *(.*?)\r?$").matcher(head);
    return found.find() ? found.group(1) : null;
  }

  @Override
  public String toString() {
    return text;
  }
}
