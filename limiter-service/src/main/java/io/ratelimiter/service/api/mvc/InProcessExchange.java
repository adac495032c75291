package io.ratelimiter.service.api.mvc;

import io.ratelimiter.service.api.http.AnswerStream;
import io.ratelimiter.service.api.http.CompleteRequest;
import io.ratelimiter.service.api.http.Header;
import jakarta.servlet.ServletConnection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.coyote.AbstractProcessor;
import org.apache.coyote.ActionCode;
import org.apache.coyote.Adapter;
import org.apache.coyote.ContinueResponseTiming;
import org.apache.coyote.ErrorState;
import org.apache.coyote.InputBuffer;
import org.apache.coyote.OutputBuffer;
import org.apache.juli.logging.Log;
import org.apache.juli.logging.LogFactory;
import org.apache.tomcat.util.buf.ByteChunk;
import org.apache.tomcat.util.buf.MessageBytes;
import org.apache.tomcat.util.http.MimeHeaders;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler.SocketState;
import org.apache.tomcat.util.net.ApplicationBufferHandler;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/**
 * One request in the servlet container. Replaces the parser and socket that Tomcat has for each
 * protocol. Used once, by one thread.
 */
final class InProcessExchange extends AbstractProcessor implements InputBuffer, OutputBuffer {

  private static final Log log = LogFactory.getLog(InProcessExchange.class);

  private static final int NO_CONTENT = 204;
  private static final int RESET_CONTENT = 205;
  private static final int NOT_MODIFIED = 304;

  private final CompleteRequest complete;
  private final AnswerStream answer;
  private final ByteBuffer body;
  private long written;

  InProcessExchange(Adapter adapter, CompleteRequest complete, AnswerStream answer) {
    super(adapter);
    this.complete = complete;
    this.answer = answer;
    this.body = ByteBuffer.wrap(complete.body());
    request.setInputBuffer(this);
    response.setOutputBuffer(this);
  }

  /** Serves the request; blocks until the answer is complete or aborted. */
  void run() {
    prepareRequest();
    try {
      adapter.service(request, response);
    } catch (Exception e) {
      log.error("The servlet container failed", e);
      response.setStatus(500);
      setErrorState(ErrorState.CLOSE_NOW, e);
    }
    if (getErrorState().isIoAllowed()) {
      action(ActionCode.CLOSE, null);
    }
    if (!getErrorState().isIoAllowed()) {
      answer.abort();
    }
  }

  private void prepareRequest() {
    request.markStartTime();
    request.setMethod(complete.method());
    request.protocol().setString("HTTP/1.1");
    request.scheme().setString("http");
    set(request.requestURI(), complete.path());
    if (complete.query() != null) {
      set(request.queryString(), complete.query());
    }
    request.remoteAddr().setString(complete.peer());
    request.remoteHost().setString(complete.peer());
    MimeHeaders headers = request.getMimeHeaders();
    for (Header header : complete.headers()) {
      set(headers.addValue(header.name()), header.value());
    }
    request.setContentLength(body.remaining());
    parseHost(headers.getValue("host"));
    request.setAttribute(Correlation.ATTRIBUTE, complete.correlationId());
  }

  /** As bytes, which Tomcat decodes and validates; it would use a string unchecked. */
  private static void set(MessageBytes target, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    target.setBytes(bytes, 0, bytes.length);
  }

  @Override
  public int doRead(ApplicationBufferHandler handler) {
    if (!body.hasRemaining()) {
      return -1;
    }
    int bytes = body.remaining();
    handler.setByteBuffer(body.duplicate());
    body.position(body.limit());
    return bytes;
  }

  @Override
  public int available() {
    return body.remaining();
  }

  @Override
  public int doWrite(ByteBuffer chunk) throws IOException {
    action(ActionCode.COMMIT, null);
    int bytes = chunk.remaining();
    answer.write(chunk);
    written += bytes;
    return bytes;
  }

  @Override
  public long getBytesWritten() {
    return written;
  }

  @Override
  protected void prepareResponse() {
    response.setCommitted(true);
    int status = response.getStatus();
    boolean bodiless = status == NO_CONTENT || status == RESET_CONTENT || status == NOT_MODIFIED;
    List<Header> headers = new ArrayList<>();
    MimeHeaders set = response.getMimeHeaders();
    for (int i = 0; i < set.size(); i++) {
      headers.add(new Header(set.getName(i).toString(), set.getValue(i).toString()));
    }
    if (!bodiless || status == NO_CONTENT) {
      addIfSet(headers, "Content-Type", response.getContentType());
      addIfSet(headers, "Content-Language", response.getContentLanguage());
    }
    answer.begin(status, headers, bodiless ? bodilessLength(status) : length());
  }

  private static void addIfSet(List<Header> headers, String name, @Nullable String value) {
    if (value != null) {
      headers.add(new Header(name, value));
    }
  }

  /** Only a 205 must announce its length (RFC 9110, 15.3.6). */
  private static long bodilessLength(int status) {
    return status == RESET_CONTENT ? 0 : AnswerStream.NO_BODY;
  }

  private long length() {
    long length = response.getContentLengthLong();
    return length < 0 ? AnswerStream.UNKNOWN_LENGTH : length;
  }

  @Override
  protected void finishResponse() {
    answer.end();
  }

  @Override
  protected void flush() throws IOException {
    answer.flush();
  }

  @Override
  protected void ack(ContinueResponseTiming timing) {
    // The front door has answered the expectation already.
  }

  @Override
  protected void earlyHints() {
    // None are sent.
  }

  @Override
  protected int available(boolean read) {
    return body.remaining();
  }

  @Override
  protected boolean isRequestBodyFullyRead() {
    return !body.hasRemaining();
  }

  @Override
  protected void setRequestBody(ByteChunk replayed) {
    throw new UnsupportedOperationException("there are no login forms");
  }

  @Override
  protected void setSwallowResponse() {
    // Writes after an error fail or are ignored.
  }

  @Override
  protected void disableSwallowRequest() {
    // The body is complete.
  }

  @Override
  protected void registerReadInterest() {
    throw new UnsupportedOperationException("the body is complete");
  }

  @Override
  protected boolean isReadyForWrite() {
    return true;
  }

  @Override
  protected boolean isTrailerFieldsReady() {
    return true;
  }

  @Override
  protected @Nullable ServletConnection getServletConnection() {
    return null;
  }

  @Override
  protected boolean flushBufferedWrite() {
    return false;
  }

  @Override
  protected SocketState dispatchEndRequest() {
    return SocketState.CLOSED;
  }

  @Override
  protected SocketState service(SocketWrapperBase<?> socket) {
    throw new UnsupportedOperationException("there is no socket");
  }

  @Override
  public void pause() {
    // Nothing is being parsed.
  }

  @Override
  protected Log getLog() {
    return log;
  }
}
