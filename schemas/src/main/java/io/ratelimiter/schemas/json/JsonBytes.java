package io.ratelimiter.schemas.json;

import java.io.OutputStream;
import java.util.Arrays;
import java.util.function.Consumer;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonRecyclerPools;

/** Writes a JSON object or array to bytes, without reflection. Thread-safe. */
public final class JsonBytes {

  /** Buffers are recycled by thread: the default pool makes event loops contend for them. */
  private final JsonFactory factory =
      JsonFactory.builder().recyclerPool(JsonRecyclerPools.threadLocalPool()).build();

  /**
   * Writes an object.
   *
   * @param members writes the members of the object
   */
  public byte[] write(Consumer<JsonGenerator> members) {
    return bytes(out -> {
      out.writeStartObject();
      members.accept(out);
      out.writeEndObject();
    });
  }

  /**
   * Writes an array.
   *
   * @param elements writes the elements of the array
   */
  public byte[] writeArray(Consumer<JsonGenerator> elements) {
    return bytes(out -> {
      out.writeStartArray();
      elements.accept(out);
      out.writeEndArray();
    });
  }

  private byte[] bytes(Consumer<JsonGenerator> content) {
    Written written = new Written();
    try (JsonGenerator out =
        factory.createGenerator(ObjectWriteContext.empty(), written, JsonEncoding.UTF8)) {
      content.accept(out);
    }
    return written.bytes;
  }

  /**
   * Has the exact size of its content. The generator flushes each 8000 bytes, so that nearly every
   * object is copied once.
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
