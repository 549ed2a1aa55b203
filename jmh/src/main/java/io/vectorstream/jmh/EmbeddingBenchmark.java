package io.vectorstream.jmh;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.onnx.OnnxEmbeddingModel;
import dev.langchain4j.model.embedding.onnx.PoolingMode;
import io.vectorstream.config.SettingsLoader;
import io.vectorstream.embedding.EmbeddingService;
import io.vectorstream.embedding.ProductText;
import io.vectorstream.generator.Catalog;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Product texts embedded in a second on the CPU, beside LangChain4j's class for the same model. */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(2)
@Warmup(iterations = 2, time = 5)
@Measurement(iterations = 4, time = 5)
public class EmbeddingBenchmark {

  private static final int TEXTS = 256;

  /** Names, descriptions and categories of generated products. */
  @State(Scope.Benchmark)
  public static class Texts {
    private final List<String> texts =
        Catalog.generate(TEXTS, 1).products().stream()
            .map(p -> ProductText.of(p.name(), p.description(), p.category()))
            .toList();
  }

  @State(Scope.Benchmark)
  public static class Ours {
    @Param({"1", "4", "16", "64"})
    private int batchSize;

    private EmbeddingService service;

    @Setup
    public void open() {
      // A cache of one entry: what is remembered would not be computed.
      List<String> given =
          List.of("embedding.batch_size=" + batchSize, "embedding.cache_entries=1");
      service =
          EmbeddingService.open(SettingsLoader.load(Optional.empty(), Map.of(), given).embedding());
    }

    @TearDown
    public void close() {
      service.close();
    }
  }

  @State(Scope.Benchmark)
  public static class Peer {
    private OnnxEmbeddingModel model;

    @Setup
    public void open() throws IOException {
      Path folder = Files.createTempDirectory("benchmark");
      Path onnx = copy("/all-minilm-l6-v2.onnx", folder.resolve("model.onnx"));
      Path tokenizer = copy("/all-minilm-l6-v2-tokenizer.json", folder.resolve("tokenizer.json"));
      model = new OnnxEmbeddingModel(onnx, tokenizer, PoolingMode.MEAN);
      Files.delete(onnx);
      Files.delete(tokenizer);
      Files.delete(folder);
    }

    private static Path copy(String resource, Path file) throws IOException {
      try (InputStream in = EmbeddingService.class.getResourceAsStream(resource)) {
        Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
      }
      return file;
    }
  }

  @Benchmark
  @OperationsPerInvocation(TEXTS)
  public List<float[]> vectorstream(Ours ours, Texts texts) {
    return ours.service.embed(texts.texts);
  }

  @Benchmark
  @OperationsPerInvocation(TEXTS)
  public List<Embedding> langchain4j(Peer peer, Texts texts) {
    return peer.model.embedAll(texts.texts.stream().map(TextSegment::from).toList()).content();
  }
}
