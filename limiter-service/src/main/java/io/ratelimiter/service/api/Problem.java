package io.ratelimiter.service.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What went wrong, as RFC 9457 has it.
 *
 * @param status HTTP status
 * @param detail names the field and the fault, or what to do
 * @param reason a word for programs; null when the status says it all
 * @param headers that the status asks for: {@code Allow}, {@code Retry-After}
 */
public record Problem(int status, String detail, @Nullable String reason, List<Header> headers) {

  public Problem {
    headers = List.copyOf(headers);
  }

  /** A problem that its status and detail describe. */
  public static Problem of(int status, String detail) {
    return new Problem(status, detail, null, List.of());
  }

  /** A problem with headers of its own. */
  public static Problem of(int status, String detail, Header... headers) {
    return new Problem(status, detail, null, List.of(headers));
  }

  /** Something that passes: 503, to be tried again in a second. */
  public static Problem unavailable(String detail) {
    return of(503, detail, new Header("Retry-After", "1"));
  }

  /** The status in words, as HTTP has it. */
  public String title() {
    return switch (status) {
      case 400 -> "Bad Request";
      case 401 -> "Unauthorized";
      case 403 -> "Forbidden";
      case 404 -> "Not Found";
      case 405 -> "Method Not Allowed";
      case 406 -> "Not Acceptable";
      case 408 -> "Request Timeout";
      case 409 -> "Conflict";
      case 412 -> "Precondition Failed";
      case 413 -> "Content Too Large";
      case 414 -> "URI Too Long";
      case 415 -> "Unsupported Media Type";
      case 417 -> "Expectation Failed";
      case 421 -> "Misdirected Request";
      case 428 -> "Precondition Required";
      case 429 -> "Too Many Requests";
      case 431 -> "Request Header Fields Too Large";
      case 500 -> "Internal Server Error";
      case 501 -> "Not Implemented";
      case 503 -> "Service Unavailable";
      case 505 -> "HTTP Version Not Supported";
      default -> status >= 500 ? "Server Error" : "Error";
    };
  }
}
