package io.ratelimiter.service.api.eventloop;

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
 * Decodes requests, and refuses besides what Netty accepts for the sake of old peers although two
 * servers may read it in two ways: folded lines, a carriage return alone, a length beside a
 * transfer coding (RFC 9112, 2.2, 5.2, 6.1). Bounds the number of a head's fields too.
 */
final class StrictRequestDecoder extends HttpRequestDecoder {

  private static final int MAX_HEAD_BYTES = 8 * 1024;
  private static final int MAX_FIELDS = 100;
  private static final byte CR = '\r';
  private static final byte LF = '\n';

  /** Without the carriage return, which the decoder insists on wherever it stands in a head. */
  private static final byte[] REFUSED_LINE = "x\n".getBytes(StandardCharsets.US_ASCII);

  private boolean inHead = true;
  private int lines;

  StrictRequestDecoder() {
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
      follow(out.get(i));
    }
  }

  private void follow(Object message) {
    if (message instanceof HttpRequest) {
      inHead = false;
    }
    if (message instanceof LastHttpContent) {
      inHead = true;
      lines = 0;
    }
  }

  /** Looks at the lines of the head that are whole, which the decoder then consumes. */
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
