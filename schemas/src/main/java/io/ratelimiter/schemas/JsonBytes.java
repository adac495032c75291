package io.ratelimiter.schemas;

import java.io.OutputStream;
import java.util.Arrays;
import java.util.function.Consumer;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Writes one JSON object straight to bytes, without reflection. Stateless but for the factory's
 * recycled buffers; safe for concurrent use.
 */
public final class JsonBytes {

  private final JsonFactory factory = new JsonFactory();

  /**
   * An object.
   *
   * @param members writes what stands between its braces
   */
  public byte[] write(Consumer<JsonGenerator> members) {
    Written written = new Written();
    try (JsonGenerator out =
        factory.createGenerator(ObjectWriteContext.empty(), written, JsonEncoding.UTF8)) {
      out.writeStartObject();
      members.accept(out);
      out.writeEndObject();
    }
    return written.bytes;
  }

  /**
   * Holds exactly what was written. The generator gathers 8000 bytes before it hands any over, so
   * that nearly everything comes at once and is copied once.
   */
  private static final class Written extends OutputStream {

    private byte[] bytes = new byte[0];

    @Override
    public void write(byte[] from, int offset, int length) {
      int before = bytes.length;
      bytes = Arrays.copyOf(bytes, before + length);
      System.arraycopy(from, offset, bytes, before, length);
    }

    @Override
    public void write(int one) {
      write(new byte[] {(byte) one}, 0, 1);
    }
  }
}
