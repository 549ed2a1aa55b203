package io.vectorstream.jmh.embedding;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.onnx.OnnxEmbeddingModel;
import dev.langchain4j.model.embedding.onnx.PoolingMode;
import io.vectorstream.config.Settings;
import io.vectorstream.config.SettingsLoader;
import io.vectorstream.embedding.EmbeddingService;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The compared programs, by name. All run all-MiniLM-L6-v2 and read at most 256 tokens. */
final class EmbeddingPrograms {
  static final String FP32 = "vectorstream-fp32";
  static final String INT8 = "vectorstream-int8";
  static final String PYTORCH = "vectorstream-pytorch-fp32";
  static final String PYTORCH_BF16 = "vectorstream-pytorch-bf16";
  static final String PEER_FP32 = "langchain4j-fp32";
  static final String PEER_INT8 = "langchain4j-int8";

  private static final int MAX_TOKENS = 256;

  private EmbeddingPrograms() {}

  static EmbeddingProgram open(String name) throws IOException {
    return switch (name) {
      case FP32 -> ours("embedding.engine=onnxruntime", "embedding.precision=fp32");
      case INT8 -> ours("embedding.engine=onnxruntime", "embedding.precision=int8");
      case PYTORCH -> ours("embedding.engine=pytorch", "embedding.precision=fp32");
      case PYTORCH_BF16 -> ours("embedding.engine=pytorch", "embedding.precision=bf16");
      case PEER_FP32 -> peer("/all-minilm-l6-v2.onnx");
      case PEER_INT8 -> peer("/all-minilm-l6-v2-q.onnx");
      default -> throw new IllegalArgumentException("there is no program named " + name);
    };
  }

  /** Returns this project's service with the default settings except those given, on the CPU. */
  static EmbeddingProgram ours(String... given) {
    List<String> overrides = new ArrayList<>(List.of(given));
    overrides.add("embedding.device=cpu");
    overrides.add("embedding.max_tokens=" + MAX_TOKENS);
    // A cached vector would not be computed.
    overrides.add("embedding.cache_entries=1");
    Settings settings = SettingsLoader.load(Optional.empty(), Map.of(), overrides);
    EmbeddingService service = EmbeddingService.open(settings.embedding());
    return new EmbeddingProgram() {
      @Override
      public List<float[]> embed(List<String> texts) {
        return service.embed(texts);
      }

      @Override
      public void close() {
        service.close();
      }
    };
  }

  private static EmbeddingProgram peer(String resource) throws IOException {
    Path folder = Files.createTempDirectory("benchmark");
    Path onnx = folder.resolve("model.onnx");
    Path tokenizer = folder.resolve("tokenizer.json");
    try {
      try (InputStream in = resource(resource)) {
        Files.copy(in, onnx);
      }
      ObjectMapper json = new ObjectMapper();
      try (InputStream in = resource("/all-minilm-l6-v2-tokenizer.json")) {
        ObjectNode tree = (ObjectNode) json.readTree(in);
        // By default, it reads 128 tokens, which is less work and gives other vectors.
        ((ObjectNode) tree.get("truncation")).put("max_length", MAX_TOKENS);
        json.writeValue(tokenizer.toFile(), tree);
      }
      OnnxEmbeddingModel model = new OnnxEmbeddingModel(onnx, tokenizer, PoolingMode.MEAN);
      return new EmbeddingProgram() {
        @Override
        public List<float[]> embed(List<String> texts) {
          return model.embedAll(texts.stream().map(TextSegment::from).toList()).content().stream()
              .map(embedding -> embedding.vector())
              .toList();
        }

        @Override
        public void close() {
          // It cannot be closed; its process ends.
        }
      };
    } finally {
      Files.deleteIfExists(onnx);
      Files.deleteIfExists(tokenizer);
      Files.delete(folder);
    }
  }

  private static InputStream resource(String name) throws IOException {
    InputStream in = EmbeddingPrograms.class.getResourceAsStream(name);
    if (in == null) {
      throw new FileNotFoundException("the class path has no " + name);
    }
    return in;
  }
}
