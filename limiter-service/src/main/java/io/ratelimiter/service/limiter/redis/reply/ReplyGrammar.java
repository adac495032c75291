package io.ratelimiter.service.limiter.redis.reply;

import io.netty.buffer.ByteBuf;
import io.netty.util.ByteProcessor;
import org.jspecify.annotations.Nullable;

/**
 * Parses the replies of one connection byte by byte, in constant memory, and refuses those that are
 * not RESP or larger than any expected reply. Lettuce's decoder, which follows, allocates the size
 * that a reply announces and accepts any byte as a digit.
 *
 * <p>Grammar: <a href="https://redis.io/docs/latest/develop/reference/protocol-spec/">RESP2 and
 * RESP3</a> without pushes, attributes and streamed types, none of which is ever requested.
 */
final class ReplyGrammar implements ByteProcessor {

  /**
   * Max size of one reply, bytes. The largest expected reply, a cluster's nodes with all their
   * slots, takes a third of it.
   */
  static final int MAX_REPLY_BYTES = 1 << 20;

  /** Max elements of one reply, in all its arrays together. */
  static final int MAX_ELEMENTS = 1 << 14;

  /** Max size of a line, bytes, for example an error's text. */
  static final int MAX_LINE_BYTES = 4_096;

  private static final int MAX_DEPTH = 8;
  private static final int MAX_DIGITS = 19;
  private static final byte NO_TYPE = 0;

  /** The CR and LF that end a string. */
  private static final byte STRING_END = 1;

  private final int[] left = new int[MAX_DEPTH];
  private int depth;
  private int replyBytes;
  private int elements;
  private int stringLeft;

  private byte type = NO_TYPE;
  private int lineBytes;
  private boolean cr;
  private boolean negative;
  private int digits;
  private long number;
  private @Nullable String fault;

  /**
   * Reads up to the end of a reply or of the bytes, or up to a fault.
   *
   * @return the index after the last byte that was read
   */
  int read(ByteBuf bytes, int from) {
    int i = from;
    int end = bytes.writerIndex();
    boolean whole = false;
    while (i < end && !whole && fault == null) {
      int before = i;
      if (stringLeft > 0) {
        int skipped = Math.min(stringLeft, end - i);
        stringLeft -= skipped;
        i += skipped;
      } else {
        int lineFeed = bytes.forEachByte(i, end - i, this);
        i = lineFeed < 0 ? end : lineFeed + 1;
        whole = lineFeed >= 0 && fault == null && lineEnds();
      }
      count(i - before, whole);
    }
    return i;
  }

  private void count(int bytes, boolean whole) {
    replyBytes += bytes;
    if (replyBytes > MAX_REPLY_BYTES) {
      refuse("a reply of more than " + MAX_REPLY_BYTES + " bytes");
    }
    if (whole) {
      replyBytes = 0;
      elements = 0;
    }
  }

  /** Whether the bytes read so far end with a complete reply. */
  boolean atBoundary() {
    return replyBytes == 0;
  }

  /** The fault; null while there is none. Nothing is read after a fault. */
  @Nullable String fault() {
    return fault;
  }

  /** One byte of a line; false at its end or at a fault. */
  @Override
  public boolean process(byte b) {
    if (cr) {
      return b == '\n' ? false : refuse("a line with a bare CR");
    }
    if (b == '\r') {
      cr = true;
      return true;
    }
    if (b == '\n') {
      return refuse("a line with a bare LF");
    }
    if (++lineBytes > MAX_LINE_BYTES) {
      return refuse("a line of more than " + MAX_LINE_BYTES + " bytes");
    }
    return type == NO_TYPE ? begin(b) : !isCounted(type) || digit(b);
  }

  private boolean begin(byte b) {
    return switch (b) {
      case '+', '-', ':', '$', '*', '_', '#', ',', '(', '!', '=', '%', '~' -> {
        type = b;
        yield true;
      }
      default -> refuse("a reply that begins with byte " + b);
    };
  }

  /** Whether the line of this type is a whole number. */
  private static boolean isCounted(byte type) {
    return switch (type) {
      case ':', '$', '*', '!', '=', '%', '~', STRING_END -> true;
      default -> false;
    };
  }

  private boolean digit(byte b) {
    if (b == '-' && lineBytes == 2) {
      negative = true;
      return true;
    }
    number = 10 * number + (b - '0');
    // The last digit may overflow a long.
    if (b < '0' || b > '9' || ++digits > MAX_DIGITS || number < 0) {
      return refuse("no whole number");
    }
    return true;
  }

  /** Ends a line; returns whether a reply ends with it. */
  private boolean lineEnds() {
    byte ended = type;
    boolean value =
        switch (ended) {
          case STRING_END -> lineBytes == 0 || refuse("a string longer than announced");
          case '_' -> lineBytes == 1 || refuse("a null with a value");
          case '#' -> lineBytes == 2 || refuse("no boolean");
          case ':' -> digits > 0 || refuse("no whole number");
          case '$', '=', '!' -> stringBegins(ended);
          case '*', '~' -> arrayBegins(1);
          case '%' -> arrayBegins(2);
          case NO_TYPE -> refuse("an empty line");
          default -> true;
        };
    newLine(value || fault != null ? NO_TYPE : type);
    return value && fault == null && valueEnds();
  }

  private void newLine(byte nextType) {
    type = nextType;
    lineBytes = 0;
    cr = false;
    negative = false;
    digits = 0;
    number = 0;
  }

  /** Begins a string; returns whether the line alone is the value, which is null. */
  private boolean stringBegins(byte of) {
    if (isNull()) {
      return true;
    }
    int max = of == '!' ? MAX_LINE_BYTES : MAX_REPLY_BYTES;
    // A verbatim string begins with three letters and a colon.
    if (negative || digits == 0 || number > max || (of == '=' && number < 4)) {
      return refuse("a string of %s%d bytes".formatted(negative ? "-" : "", number));
    }
    stringLeft = (int) number;
    type = STRING_END;
    return false;
  }

  private boolean isNull() {
    return negative && digits == 1 && number == 1;
  }

  /** Begins an array; returns whether the line alone is the value, which is empty or null. */
  private boolean arrayBegins(int elementsEach) {
    if (isNull() && elementsEach == 1) {
      return true;
    }
    if (negative || digits == 0 || number > MAX_ELEMENTS || depth == MAX_DEPTH) {
      return refuse(
          "an array of %s%d elements at depth %d".formatted(negative ? "-" : "", number, depth));
    }
    int count = (int) number * elementsEach;
    elements += count;
    if (elements > MAX_ELEMENTS) {
      return refuse("a reply of more than " + MAX_ELEMENTS + " elements");
    }
    if (count > 0) {
      left[depth++] = count;
      type = NO_TYPE;
      return false;
    }
    return true;
  }

  /** Ends a value; returns whether it was the last one of its reply. */
  private boolean valueEnds() {
    while (depth > 0 && --left[depth - 1] == 0) {
      depth--;
    }
    return depth == 0;
  }

  /** Records a fault, after which nothing is read; always false. */
  boolean refuse(String what) {
    fault = what;
    return false;
  }
}
