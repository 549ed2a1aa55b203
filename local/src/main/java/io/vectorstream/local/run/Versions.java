package io.vectorstream.local.run;

import ai.djl.engine.Engine;
import ai.onnxruntime.OrtEnvironment;
import io.vectorstream.command.ProgramVersion;
import io.vectorstream.store.VectorStore;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.utils.AppInfoParser;
import org.rocksdb.RocksDB;

/** The versions of the components of a run, as the libraries themselves report them. */
final class Versions {
  private Versions() {}

  /**
   * @param spark its version
   * @param services embedded ones have RocksDB; of others, only the clients' versions are known
   */
  static Map<String, String> of(String spark, ServicesKind services) {
    Map<String, String> versions = new LinkedHashMap<>();
    versions.put("vectorstream", ProgramVersion.number());
    versions.put("java", Runtime.version().toString());
    versions.put("scala", scala.util.Properties.versionNumberString());
    versions.put("spark", spark);
    versions.put("kafka", AppInfoParser.getVersion());
    versions.put("qdrant_client", VectorStore.clientVersion());
    versions.put("onnxruntime", OrtEnvironment.getEnvironment().getVersion());
    versions.put("djl", Engine.getDjlVersion());
    if (services == ServicesKind.EMBEDDED) {
      RocksDB.loadLibrary();
      versions.put("rocksdb", RocksDB.rocksdbVersion().toString());
    }
    return versions;
  }
}
