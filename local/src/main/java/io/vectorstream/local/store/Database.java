package io.vectorstream.local.store;

import io.vectorstream.process.TemporaryFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompactionStyle;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.NativeLibraryLoader;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteBufferManager;
import org.rocksdb.WriteOptions;

/**
 * The RocksDB under the store. What is written is in the operating system's hands when {@link
 * #write} returns, through the write-ahead log: it outlives the process, however that ends. Native
 * memory is bounded: memtables and block cache share {@value #MEMORY_MB} MB.
 */
final class Database implements AutoCloseable {

  private static final long MB = 1024 * 1024;
  private static final int MEMORY_MB = 256;
  private static final int MEMTABLES_MB = 160;
  private static final int BACKGROUND_JOBS = 2;

  static {
    try {
      // The library leaves its file behind where the process is killed.
      NativeLibraryLoader.getInstance().loadLibrary(TemporaryFolder.path().toString());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot unpack RocksDB's library: " + e.getMessage(), e);
    }
    RocksDB.loadLibrary();
  }

  /** The column families, in the order of their handles. */
  enum Family {
    /** The collections and their settings; RocksDB insists on the name "default". */
    META,
    POINTS,
    VECTORS,
    INDEX,
    SPARSE
  }

  private final Cache cache = new LRUCache(MEMORY_MB * MB);
  private final WriteBufferManager memtables = new WriteBufferManager(MEMTABLES_MB * MB, cache);
  private final BloomFilter bloom = new BloomFilter(10, false);
  private final WriteOptions writeOptions = new WriteOptions();
  private final List<ColumnFamilyOptions> familyOptions = new ArrayList<>();
  private final List<ColumnFamilyHandle> handles = new ArrayList<>();
  private final DBOptions options;
  private final RocksDB rocks;

  Database(Path folder) {
    options =
        new DBOptions()
            .setCreateIfMissing(true)
            .setCreateMissingColumnFamilies(true)
            .setWriteBufferManager(memtables)
            .setMaxBackgroundJobs(BACKGROUND_JOBS)
            .setMaxOpenFiles(512)
            .setMaxTotalWalSize(256 * MB)
            .setKeepLogFileNum(2)
            .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
            // Each collection has one writer at a time, so concurrent inserts would only cost.
            .setAllowConcurrentMemtableWrite(false);
    List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
    for (Family family : Family.values()) {
      byte[] name =
          family == Family.META ? RocksDB.DEFAULT_COLUMN_FAMILY : family.name().getBytes();
      ColumnFamilyOptions tuned = tuned(family);
      familyOptions.add(tuned);
      descriptors.add(new ColumnFamilyDescriptor(name, tuned));
    }
    try {
      Files.createDirectories(folder);
      rocks = RocksDB.open(options, folder.toString(), descriptors, handles);
    } catch (IOException e) {
      closeOptions();
      throw new IllegalStateException(
          "the vector store's folder " + folder + " cannot be made: " + e.getMessage(), e);
    } catch (RocksDBException e) {
      closeOptions();
      if (e.getMessage() != null && e.getMessage().contains("lock")) {
        throw new IllegalStateException(
            "the vector store's folder "
                + folder
                + " is in use by another process; stop that one or choose another folder",
            e);
      }
      throw new IllegalStateException(
          "the vector store in " + folder + " cannot be opened: " + e.getMessage(), e);
    }
  }

  private ColumnFamilyOptions tuned(Family family) {
    BlockBasedTableConfig table =
        new BlockBasedTableConfig()
            .setBlockCache(cache)
            .setCacheIndexAndFilterBlocks(true)
            .setPinL0FilterAndIndexBlocksInCache(true)
            .setBlockSize(16 * 1024)
            .setFormatVersion(5);
    ColumnFamilyOptions tuned =
        new ColumnFamilyOptions()
            .setWriteBufferSize(family == Family.POINTS ? 64 * MB : 16 * MB)
            .setMaxWriteBufferNumber(3)
            // Ids come in no order: compaction by levels would rewrite every point many times.
            .setCompactionStyle(CompactionStyle.UNIVERSAL)
            .setTargetFileSizeBase(64 * MB)
            .setCompressionPerLevel(
                List.of(
                    CompressionType.NO_COMPRESSION,
                    CompressionType.NO_COMPRESSION,
                    CompressionType.LZ4_COMPRESSION,
                    CompressionType.LZ4_COMPRESSION,
                    CompressionType.LZ4_COMPRESSION,
                    CompressionType.LZ4_COMPRESSION,
                    CompressionType.LZ4_COMPRESSION));
    if (family == Family.POINTS || family == Family.VECTORS || family == Family.SPARSE) {
      // Most ids asked for before a write are new: the filters answer that without reading.
      table.setFilterPolicy(bloom);
      tuned.setMemtablePrefixBloomSizeRatio(0.05).setMemtableWholeKeyFiltering(true);
    }
    return tuned.setTableFormatConfig(table);
  }

  private ColumnFamilyHandle handle(Family family) {
    return handles.get(family.ordinal());
  }

  byte[] get(Family family, byte[] key) {
    try {
      return rocks.get(handle(family), key);
    } catch (RocksDBException e) {
      throw failed("read", e);
    }
  }

  /** Reads many keys at once; null where a key is absent. */
  List<byte[]> get(Family family, List<byte[]> keys) {
    if (keys.isEmpty()) {
      // RocksDB takes that for a mistake.
      return List.of();
    }
    ColumnFamilyHandle handle = handle(family);
    try {
      return rocks.multiGetAsList(java.util.Collections.nCopies(keys.size(), handle), keys);
    } catch (RocksDBException e) {
      throw failed("read", e);
    }
  }

  /** Returns an iterator over a consistent view as of now. The caller closes it. */
  RocksIterator iterate(Family family) {
    return rocks.newIterator(handle(family));
  }

  AtomicWrite batch() {
    return new AtomicWrite();
  }

  void write(AtomicWrite batch) {
    try {
      rocks.write(writeOptions, batch.changes);
    } catch (RocksDBException e) {
      throw failed("write", e);
    }
  }

  private static IllegalStateException failed(String what, RocksDBException cause) {
    return new IllegalStateException(
        "the vector store could not " + what + ": " + cause.getMessage(), cause);
  }

  /** Changes that are written together or not at all. */
  final class AtomicWrite implements AutoCloseable {
    private final WriteBatch changes = new WriteBatch();

    void put(Family family, byte[] key, byte[] value) {
      try {
        changes.put(handle(family), key, value);
      } catch (RocksDBException e) {
        throw failed("write", e);
      }
    }

    void delete(Family family, byte[] key) {
      try {
        changes.delete(handle(family), key);
      } catch (RocksDBException e) {
        throw failed("write", e);
      }
    }

    void deletePrefix(Family family, byte[] prefix) {
      try {
        changes.deleteRange(handle(family), prefix, Bytes.after(prefix));
      } catch (RocksDBException e) {
        throw failed("write", e);
      }
    }

    @Override
    public void close() {
      changes.close();
    }
  }

  @Override
  public void close() {
    try {
      rocks.cancelAllBackgroundWork(true);
    } finally {
      handles.forEach(ColumnFamilyHandle::close);
      rocks.close();
      closeOptions();
    }
  }

  private void closeOptions() {
    options.close();
    familyOptions.forEach(ColumnFamilyOptions::close);
    writeOptions.close();
    bloom.close();
    memtables.close();
    cache.close();
  }
}
