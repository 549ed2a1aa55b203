package io.vectorstream.local.store;

import io.qdrant.client.grpc.Points.Query.VariantCase;
import io.qdrant.client.grpc.Points.QueryPoints;
import io.qdrant.client.grpc.Points.ScoredPoint;
import io.qdrant.client.grpc.Points.VectorInput;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A search for the points nearest to a vector, or to the vector of a point of the collection; that
 * point itself is then left out.
 */
final class Search {

  private static final long DEFAULT_LIMIT = 10;
  private static final Set<String> OPTIONS =
      Set.of(
          "collection_name",
          "query",
          "using",
          "filter",
          "params",
          "limit",
          "offset",
          "with_payload",
          "with_vectors",
          "read_consistency",
          "timeout");

  private final StoredCollection collection;
  private final VectorSpec spec;
  private final Selection selection;

  private Search(StoredCollection collection, VectorSpec spec, Selection selection) {
    this.collection = collection;
    this.spec = spec;
    this.selection = selection;
  }

  /** Returns the nearest points, the nearest first. */
  static List<ScoredPoint> nearest(StoredCollection collection, QueryPoints request) {
    Refusal.checkOptions("a query", request, OPTIONS);
    VariantCase kind = request.getQuery().getVariantCase();
    if (kind != VariantCase.NEAREST) {
      throw Refusal.unsupported(
          kind == VariantCase.VARIANT_NOT_SET
              ? "A query that asks for nothing"
              : "A query of the kind " + kind.name().toLowerCase(Locale.ROOT));
    }
    Selection selection = Selection.of(collection, request.getFilter());
    StrictMode.of(collection).checkRead(request.getFilter());
    AnswerPoints answer =
        new AnswerPoints(
            collection,
            PayloadSelector.of(request.hasWithPayload(), request.getWithPayload(), false),
            request.getWithVectors());
    return new Search(collection, collection.vector(request.getUsing()), selection)
        .run(
            request.getQuery().getNearest(),
            request.getOffset(),
            request.hasLimit() ? request.getLimit() : DEFAULT_LIMIT,
            answer);
  }

  private List<ScoredPoint> run(VectorInput input, long offset, long limit, AnswerPoints answer) {
    PointKey example = input.hasId() ? PointKey.of(input.getId()) : null;
    Ranking ranking = ranking(Similarity.to(spec, vector(input, example)));
    List<ScoredPoint> found = new ArrayList<>();
    long skip = offset;
    while (found.size() < limit) {
      Ranking.Hit hit = ranking.next();
      if (hit == null) {
        break;
      }
      StoredPoint point = hit.point().equals(example) ? null : collection.get(hit.point());
      if (point == null || !selection.matches(point)) {
        continue;
      }
      if (skip > 0) {
        skip--;
      } else {
        found.add(answer.scored(point, spec.score(hit.similarity())));
      }
    }
    return found;
  }

  private float[] vector(VectorInput input, PointKey example) {
    return switch (input.getVariantCase()) {
      case ID -> ofPoint(example);
      case DENSE -> spec.prepare(input.getDense().getDataList());
      case VARIANT_NOT_SET -> throw Refusal.invalid("No vector variant provided");
      default ->
          throw Refusal.unsupported(
              "A search by " + input.getVariantCase().name().toLowerCase(Locale.ROOT));
    };
  }

  private float[] ofPoint(PointKey key) {
    if (collection.get(key) == null) {
      throw Refusal.noPoint(key);
    }
    float[] values = collection.vector(key);
    if (values == null) {
      throw Refusal.wrongInput("Point " + key + " has no vector");
    }
    return spec.prepare(values);
  }

  private Ranking ranking(Similarity similarity) {
    ExactScan scan = collection.scan();
    Set<PointKey> candidates = selection.candidates();
    return candidates == null ? scan.rank(similarity) : scan.rank(similarity, candidates);
  }
}
