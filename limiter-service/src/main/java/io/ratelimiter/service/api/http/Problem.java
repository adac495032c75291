package io.ratelimiter.service.api.http;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Problem details of an answer, RFC 9457.
 *
 * @param status HTTP status
 * @param detail names the field and the fault, or the remedy
 * @param reason a machine-readable word; null when the status suffices
 * @param headers that belong to the status: {@code Allow}, {@code Retry-After}
 */
public record Problem(int status, String detail, @Nullable String reason, List<Header> headers) {

  /** The service failed while it made the answer. */
  public static final Problem FAILED =
      of(500, "the service failed; its log has the correlation id");

  /** The request violates HTTP. */
  public static final Problem INVALID_HTTP = of(400, "the request is not valid HTTP");

  public Problem {
    headers = List.copyOf(headers);
  }

  /** A problem without reason and headers. */
  public static Problem of(int status, String detail) {
    return new Problem(status, detail, null, List.of());
  }

  /** A problem with headers. */
  public static Problem of(int status, String detail, Header... headers) {
    return new Problem(status, detail, null, List.of(headers));
  }

  /** There is no resource at the path. */
  public static Problem nothingAt(String path) {
    return of(404, "there is nothing at " + path);
  }

  /** A temporary problem: 503, to be retried after 1 s. */
  public static Problem unavailable(String detail) {
    return of(503, detail, new Header("Retry-After", "1"));
  }

  /** The reason phrase of the status. */
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
      case 415 -> "Unsupported Media Type";
      case 417 -> "Expectation Failed";
      case 421 -> "Misdirected Request";
      case 428 -> "Precondition Required";
      case 429 -> "Too Many Requests";
      case 500 -> "Internal Server Error";
      case 501 -> "Not Implemented";
      case 503 -> "Service Unavailable";
      case 505 -> "HTTP Version Not Supported";
      default -> status >= 500 ? "Server Error" : "Error";
    };
  }
}
