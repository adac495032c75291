package io.ratelimiter.service.api.eventloop;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;
import io.ratelimiter.service.api.Answer;
import io.ratelimiter.service.api.Header;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Makes responses of answers. One for each loop: it keeps the date of the second. */
final class Responses {

  private static final DateTimeFormatter DATE_FORMAT =
      DateTimeFormatter.RFC_1123_DATE_TIME.withZone(ZoneOffset.UTC);

  // Written as the servlet's container writes them.
  private static final AsciiString CONTENT_TYPE = AsciiString.cached("Content-Type");
  private static final AsciiString CONTENT_LENGTH = AsciiString.cached("Content-Length");
  private static final AsciiString DATE = AsciiString.cached("Date");
  private static final AsciiString KEEP_ALIVE = AsciiString.cached("Keep-Alive");
  private static final AsciiString CONNECTION = AsciiString.cached("Connection");

  /** Values are the contract's own, or checked when they came in. */
  private static final DefaultHttpHeadersFactory HEADERS =
      DefaultHttpHeadersFactory.headersFactory().withValidation(false);

  private final AsciiString keepAlive;
  private AsciiString date = AsciiString.EMPTY_STRING;

  /**
   * Makes responses.
   *
   * @param idle how long a connection may wait for its next request
   */
  Responses(Duration idle) {
    keepAlive = new AsciiString("timeout=" + idle.toSeconds());
  }

  /** To be told of the time about once a second. */
  void tick(Instant now) {
    date = new AsciiString(DATE_FORMAT.format(now));
  }

  /**
   * The answer on the wire.
   *
   * @param withBody false for {@code HEAD}: lengths are told and nothing is sent
   */
  FullHttpResponse of(Answer answer, boolean withBody) {
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            status(answer.status()),
            withBody ? Unpooled.wrappedBuffer(answer.body()) : Unpooled.EMPTY_BUFFER,
            HEADERS.newHeaders(),
            EmptyHttpHeaders.INSTANCE);
    HttpHeaders headers = response.headers();
    for (Header header : answer.headers()) {
      headers.add(header.name(), header.value());
    }
    if (answer.contentType() != null) {
      headers.add(CONTENT_TYPE, answer.contentType());
    }
    headers.add(CONTENT_LENGTH, Integer.toString(answer.body().length));
    headers.add(DATE, date);
    return response;
  }

  static void closing(FullHttpResponse response) {
    response.headers().set(CONNECTION, HttpHeaderValues.CLOSE);
  }

  void keptAlive(FullHttpResponse response) {
    response.headers().set(CONNECTION, HttpHeaderValues.KEEP_ALIVE).set(KEEP_ALIVE, keepAlive);
  }

  /** Without a reason phrase, as the servlet's container has it. */
  private static HttpResponseStatus status(int code) {
    return switch (code) {
      case 200 -> Status.OK;
      case 429 -> Status.TOO_MANY_REQUESTS;
      default -> new HttpResponseStatus(code, "");
    };
  }

  private static final class Status {
    static final HttpResponseStatus OK = new HttpResponseStatus(200, "");
    static final HttpResponseStatus TOO_MANY_REQUESTS = new HttpResponseStatus(429, "");
  }
}
