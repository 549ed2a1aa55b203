package io.vectorstream.embedding;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import io.vectorstream.embedding.Activations.Channels;
import io.vectorstream.embedding.Activations.Collector;
import io.vectorstream.embedding.Activations.Layer;
import io.vectorstream.embedding.Activations.Place;
import io.vectorstream.process.NativeWork;
import io.vectorstream.process.TemporaryFolder;
import java.io.IOException;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The measurement of a BERT's intermediate results: it computes a few texts in fp32. */
final class ActivationProbe {
  private final List<Map<Place, Collector>> layers = new ArrayList<>();

  private ActivationProbe(BertWeights weights) {
    for (BertWeights.Layer layer : weights.layers()) {
      int hidden = weights.hidden();
      Map<Place, Collector> places = new EnumMap<>(Place.class);
      places.put(Place.ATTENTION, new Collector(hidden));
      places.put(Place.ATTENDED, new Collector(hidden));
      places.put(Place.INTERMEDIATE, new Collector(hidden));
      places.put(
          Place.OUTPUT, new Collector(layer.intermediate().bias().shape().get(0).intValue()));
      layers.add(places);
    }
  }

  /**
   * Computes texts one by one.
   *
   * @param texts the tokens of each
   * @throws IllegalArgumentException if a result is no finite number
   */
  static Activations measure(BertWeights weights, List<long[]> texts, int threads)
      throws IOException, OrtException {
    ActivationProbe probe = new ActivationProbe(weights);
    Path file = Files.createTempFile(TemporaryFolder.path(), "measured-", ".onnx");
    try {
      FusedBert.writeMeasured(weights, file);
      NativeWork.ofProcess().check();
      OnnxEnd.takeOver();
      OrtEnvironment environment = OrtEnvironment.getEnvironment();
      try (SessionOptions options = options(threads);
          OrtSession session = environment.createSession(file.toString(), options)) {
        for (long[] text : texts) {
          probe.add(environment, session, text);
        }
      }
    } finally {
      Files.deleteIfExists(file);
    }
    return new Activations(probe.layers.stream().map(ActivationProbe::layer).toList());
  }

  private static SessionOptions options(int threads) throws OrtException {
    SessionOptions options = new SessionOptions();
    options.setIntraOpNumThreads(threads);
    options.setInterOpNumThreads(1);
    return options;
  }

  private void add(OrtEnvironment environment, OrtSession session, long[] text)
      throws OrtException {
    long[] shape = {1, text.length};
    long[] mask = new long[text.length];
    Arrays.fill(mask, 1);
    try (OnnxTensor ids = OnnxTensor.createTensor(environment, LongBuffer.wrap(text), shape);
        OnnxTensor real = OnnxTensor.createTensor(environment, LongBuffer.wrap(mask), shape);
        OrtSession.Result results =
            session.run(Map.of(ModelShape.IDS, ids, ModelShape.MASK, real))) {
      for (int layer = 0; layer < layers.size(); layer++) {
        for (Map.Entry<Place, Collector> place : layers.get(layer).entrySet()) {
          OnnxTensor values = (OnnxTensor) results.get(place.getKey().in(layer)).orElseThrow();
          place.getValue().add(values.getFloatBuffer().array());
        }
      }
    }
  }

  private static Layer layer(Map<Place, Collector> places) {
    Map<Place, Channels> measured = new EnumMap<>(Place.class);
    places.forEach((place, collector) -> measured.put(place, collector.channels()));
    return new Layer(
        measured.get(Place.ATTENTION),
        measured.get(Place.ATTENDED),
        measured.get(Place.INTERMEDIATE),
        measured.get(Place.OUTPUT));
  }
}
