package io.ratelimiter.service.api.eventloop.request;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Decodes requests, and refuses heads that Netty accepts for compatibility although two servers may
 * interpret them differently: folded lines, a carriage return without a line feed, a length beside
 * a transfer coding (RFC 9112, 2.2, 5.2, 6.1). A head has at most {@value #MAX_FIELDS} fields.
 */
public final class StrictRequestDecoder extends HttpRequestDecoder {

  private static final int MAX_HEAD_BYTES = 8 * 1024;
  private static final int MAX_FIELDS = 100;
  private static final byte CR = '\r';
  private static final byte LF = '\n';

  /** Invalid for the decoder, which requires a carriage return before each line feed. */
  private static final byte[] REFUSED_LINE = "x\n".getBytes(StandardCharsets.US_ASCII);

  private boolean inHead = true;
  private int lines;

  public StrictRequestDecoder() {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(MAX_HEAD_BYTES)
            .setMaxHeaderSize(MAX_HEAD_BYTES));
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf buffer, List<Object> out)
      throws Exception {
    if (inHead && !wellFormed(buffer)) {
      buffer.skipBytes(buffer.readableBytes());
      super.decode(context, Unpooled.wrappedBuffer(REFUSED_LINE), out);
      return;
    }
    int before = out.size();
    super.decode(context, buffer, out);
    for (int i = before; i < out.size(); i++) {
      track(out.get(i));
    }
  }

  /** Whether it keeps bytes of a message that is not complete. */
  public boolean undecoded() {
    return actualReadableBytes() > 0;
  }

  private void track(Object message) {
    if (message instanceof HttpRequest) {
      inHead = false;
    }
    if (message instanceof LastHttpContent) {
      inHead = true;
      lines = 0;
    }
  }

  /** Validates the complete lines of the head, which the decoder then consumes. */
  private boolean wellFormed(ByteBuf buffer) {
    int end = buffer.writerIndex();
    int line = buffer.readerIndex();
    while (line < end) {
      if (lines > 0 && folded(buffer.getByte(line))) {
        return false;
      }
      int cr = buffer.indexOf(line, end, CR);
      if (cr < 0 || cr + 1 == end) {
        return true;
      }
      if (buffer.getByte(cr + 1) != LF) {
        return false;
      }
      boolean empty = cr == line;
      if (empty && lines > 0) {
        return true;
      }
      lines += empty ? 0 : 1;
      if (lines > MAX_FIELDS + 1) {
        return false;
      }
      line = cr + 2;
    }
    return true;
  }

  private static boolean folded(byte first) {
    return first == ' ' || first == '\t';
  }

  @Override
  protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
    throw new IllegalArgumentException("a length beside a transfer coding");
  }
}
