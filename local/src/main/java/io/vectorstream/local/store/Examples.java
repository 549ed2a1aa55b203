package io.vectorstream.local.store;

import io.qdrant.client.grpc.Points.LookupLocation;
import io.qdrant.client.grpc.Points.RecommendStrategy;
import io.qdrant.client.grpc.Points.VectorInput;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The vectors that a query compares with: given as such, or as the ids of points that have them,
 * here or in another collection.
 */
final class Examples {

  private final StoredCollection source;
  private final VectorSpec sourceSpec;
  private final VectorSpec spec;
  private final boolean elsewhere;
  private final Set<PointKey> ids = new HashSet<>();

  /**
   * @param lookup the default instance when ids are those of the searched collection
   */
  Examples(
      CollectionRegistry registry,
      StoredCollection searched,
      VectorSpec spec,
      LookupLocation lookup) {
    this.spec = spec;
    this.elsewhere = !lookup.getCollectionName().isEmpty();
    this.source = elsewhere ? registry.get(lookup.getCollectionName()) : searched;
    this.sourceSpec =
        elsewhere && lookup.hasVectorName()
            ? source.vector(lookup.getVectorName())
            : elsewhere ? source.vector(spec.name()) : spec;
  }

  /** The examples' own ids, which a search must not find; none when they come from elsewhere. */
  Set<PointKey> ids() {
    return elsewhere ? Set.of() : ids;
  }

  float[] vector(VectorInput input) {
    return switch (input.getVariantCase()) {
      case ID -> ofPoint(PointKey.of(input.getId()));
      case DENSE -> spec.prepare(input.getDense().getDataList());
      case SPARSE -> throw Refusal.unsupported("A sparse vector");
      case MULTI_DENSE -> throw Refusal.unsupported("A multivector");
      case DOCUMENT, IMAGE, OBJECT -> throw Refusal.unsupported("Inference of a vector");
      case VARIANT_NOT_SET -> throw Refusal.invalid("No vector variant provided");
    };
  }

  private float[] ofPoint(PointKey key) {
    if (source.get(key) == null) {
      throw Refusal.noPoint(key);
    }
    float[] values = source.vector(key, sourceSpec);
    if (values == null) {
      throw Refusal.wrongInput("Point " + key + " has no vector named `" + sourceSpec.name() + "`");
    }
    ids.add(key);
    return spec.prepare(values);
  }

  Similarity nearest(VectorInput input) {
    return Similarity.to(spec, vector(input));
  }

  /** How like a vector is to the liked examples and unlike the disliked ones. */
  Similarity recommend(
      List<VectorInput> liked, List<VectorInput> disliked, RecommendStrategy strategy) {
    if (liked.isEmpty() && disliked.isEmpty()) {
      throw Refusal.wrongInput("At least one positive or negative vector ID required");
    }
    List<float[]> likedVectors = vectors(liked);
    List<float[]> dislikedVectors = vectors(disliked);
    return switch (strategy) {
      case AverageVector -> Similarity.to(spec, average(likedVectors, dislikedVectors));
      case BestScore -> Similarity.bestOf(to(likedVectors), to(dislikedVectors));
      case SumScores -> Similarity.sumOf(to(likedVectors), to(dislikedVectors));
      case UNRECOGNIZED -> throw Refusal.invalid("Unknown recommend strategy");
    };
  }

  private List<float[]> vectors(List<VectorInput> inputs) {
    List<float[]> vectors = new ArrayList<>();
    inputs.forEach(input -> vectors.add(vector(input)));
    return vectors;
  }

  private List<Similarity> to(List<float[]> vectors) {
    return vectors.stream().map(vector -> Similarity.to(spec, vector)).toList();
  }

  /** Twice the mean of the liked, less the mean of the disliked: the strategy's definition. */
  private float[] average(List<float[]> liked, List<float[]> disliked) {
    if (liked.isEmpty()) {
      throw Refusal.wrongInput("Positive vectors should not be empty with `average` strategy");
    }
    float[] result = mean(liked);
    if (!disliked.isEmpty()) {
      float[] away = mean(disliked);
      for (int i = 0; i < result.length; i++) {
        result[i] += result[i] - away[i];
      }
    }
    return spec.prepare(result);
  }

  private float[] mean(List<float[]> vectors) {
    float[] mean = new float[spec.size()];
    for (float[] vector : vectors) {
      for (int i = 0; i < mean.length; i++) {
        mean[i] += vector[i];
      }
    }
    for (int i = 0; i < mean.length; i++) {
      mean[i] /= vectors.size();
    }
    return mean;
  }
}
