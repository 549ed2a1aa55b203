package io.vectorstream.reports.result;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The environment of a run.
 *
 * @param memoryMb of the machine, in MB
 * @param spark its version
 * @param services {@code embedded}, {@code containers} or {@code external}
 * @param embedding what computed the embeddings
 * @param versions of what took part, by its name; empty where they were not recorded
 */
public record Environment(
    String cpu,
    int cores,
    long memoryMb,
    String jvm,
    String os,
    String spark,
    String services,
    EmbeddingSetup embedding,
    Map<String, String> versions) {

  public Environment {
    versions = versions == null ? Map.of() : versions;
  }

  /**
   * The model that computed the embeddings, and where.
   *
   * @param engine {@code OnnxRuntime} or {@code PyTorch}
   * @param device {@code cpu} or {@code gpu}
   * @param precision {@code fp32}, {@code bf16}, {@code fp16} or {@code int8}
   * @param model the model's name, such as {@code all-MiniLM-L6-v2}
   */
  public record EmbeddingSetup(String engine, String device, String precision, String model) {
    public String inWords() {
      return "%s on the %s in %s".formatted(engine, device, precision);
    }
  }

  public Machine machine() {
    return new Machine(cpu, cores, memoryMb, os, jvm);
  }

  Map<String, String> allVersions() {
    Map<String, String> all = new LinkedHashMap<>();
    put(all, "Operating system", os);
    put(all, "Java", jvm);
    put(all, "Spark", spark);
    put(all, "Services", services);
    if (embedding != null) {
      put(all, "Embedding model", embedding.model());
      put(all, "Embedding engine", embedding.inWords());
    }
    versions.forEach((name, version) -> put(all, name, version));
    return all;
  }

  private static void put(Map<String, String> all, String name, String version) {
    if (version != null && !all.containsValue(version)) {
      all.put(name, version);
    }
  }
}
