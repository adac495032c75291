package io.ratelimiter.auditor.completeness;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.utils.Bytes;

/** The identity of a series, and its encoding as a store key. */
record SeriesKey(String instance, String epoch, int partition) {

  Bytes encode() {
    byte[] first = instance.getBytes(StandardCharsets.UTF_8);
    byte[] second = epoch.getBytes(StandardCharsets.UTF_8);
    ByteBuffer out = ByteBuffer.allocate(2 * Integer.BYTES + first.length + second.length);
    out.putInt(partition).putInt(first.length).put(first).put(second);
    return Bytes.wrap(out.array());
  }

  static SeriesKey decode(Bytes key) {
    ByteBuffer in = ByteBuffer.wrap(key.get());
    int partition = in.getInt();
    byte[] instance = new byte[in.getInt()];
    in.get(instance);
    byte[] epoch = new byte[in.remaining()];
    in.get(epoch);
    return new SeriesKey(
        new String(instance, StandardCharsets.UTF_8),
        new String(epoch, StandardCharsets.UTF_8),
        partition);
  }
}
