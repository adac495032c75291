package io.ratelimiter.auditor.streams;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.WriteBufferManager;

/**
 * The native memory that the RocksDB stores of all partitions share. By default each store would
 * have its own cache of 50 MB and three buffers of 16 MB.
 */
public final class RocksMemory implements AutoCloseable {

  /** The streams setting with this memory, for the {@link Setter}. */
  static final String SETTING = "auditor.rocks.memory";

  private static final long TOTAL_BYTES = 96L << 20;
  private static final long WRITE_BYTES = 48L << 20;
  private static final long BUFFER_BYTES = 8L << 20;

  static {
    org.rocksdb.RocksDB.loadLibrary();
  }

  private final Cache cache = new LRUCache(TOTAL_BYTES);
  private final WriteBufferManager buffers = new WriteBufferManager(WRITE_BYTES, cache);

  /** Frees the memory; all stores must be closed. */
  @Override
  public void close() {
    buffers.close();
    cache.close();
  }

  /** Applies the shared memory to a store; Kafka Streams creates one for each store. */
  public static final class Setter implements RocksDBConfigSetter {

    @Override
    public void setConfig(String store, Options options, Map<String, Object> settings) {
      if (!(settings.get(SETTING) instanceof RocksMemory memory)) {
        throw new IllegalStateException(SETTING + " is not among the streams settings");
      }
      if (options.tableFormatConfig() instanceof BlockBasedTableConfig table) {
        table.setBlockCache(memory.cache);
        table.setCacheIndexAndFilterBlocks(true);
        options.setTableFormatConfig(table);
      }
      options.setWriteBufferManager(memory.buffers);
      options.setWriteBufferSize(BUFFER_BYTES);
    }

    @Override
    public void close(String store, Options options) {
      // The shared memory is closed by its owner.
    }
  }
}
