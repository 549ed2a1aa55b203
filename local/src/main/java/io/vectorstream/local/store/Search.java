package io.vectorstream.local.store;

import io.qdrant.client.grpc.Common.Filter;
import io.qdrant.client.grpc.Points.Query;
import io.qdrant.client.grpc.Points.Query.VariantCase;
import io.qdrant.client.grpc.Points.QueryPoints;
import io.qdrant.client.grpc.Points.ScoredPoint;
import io.qdrant.client.grpc.Points.VectorInput;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A search for the points nearest to a vector, or to the vector of a point of the collection; that
 * point itself is then left out. Points may be ranked several times, and the rankings be fused.
 */
final class Search {

  static final long DEFAULT_LIMIT = 10;
  private static final Set<String> OPTIONS =
      Set.of(
          "collection_name",
          "prefetch",
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
  private final Selection selection;

  private Search(StoredCollection collection, Selection selection) {
    this.collection = collection;
    this.selection = selection;
  }

  /** A point that was found, with the score to show. */
  record Found(StoredPoint point, float score) {}

  /** Returns the points that a query finds, the best first. */
  static List<ScoredPoint> nearest(StoredCollection collection, QueryPoints request) {
    Refusal.checkOptions("a query", request, OPTIONS);
    AnswerPoints answer =
        new AnswerPoints(
            collection,
            PayloadSelector.of(request.hasWithPayload(), request.getWithPayload(), false),
            request.getWithVectors());
    long limit = request.hasLimit() ? request.getLimit() : DEFAULT_LIMIT;
    List<Found> found =
        Fusion.isAsked(request)
            ? Fusion.of(collection, request, limit)
            : ranked(
                collection,
                request.getQuery(),
                request.getUsing(),
                request.getFilter(),
                request.getOffset(),
                limit);
    return found.stream().map(one -> answer.scored(one.point(), one.score())).toList();
  }

  /** Returns the nearest points of one vector, the nearest first. */
  static List<Found> ranked(
      StoredCollection collection,
      Query query,
      String vectorName,
      Filter filter,
      long offset,
      long limit) {
    VariantCase kind = query.getVariantCase();
    if (kind != VariantCase.NEAREST) {
      throw Refusal.unsupported(
          kind == VariantCase.VARIANT_NOT_SET
              ? "A query that asks for nothing"
              : "A query of the kind " + kind.name().toLowerCase(Locale.ROOT));
    }
    Selection selection = Selection.of(collection, filter);
    StrictMode.of(collection).checkRead(filter);
    Search search = new Search(collection, selection);
    SparseVectors sparse = collection.sparse().get(vectorName);
    return sparse == null
        ? search.dense(collection.vector(vectorName), query.getNearest(), offset, limit)
        : search.sparse(sparse, query.getNearest(), offset, limit);
  }

  private List<Found> dense(VectorSpec spec, VectorInput input, long offset, long limit) {
    PointKey example = input.hasId() ? PointKey.of(input.getId()) : null;
    Ranking ranking = ranking(Similarity.to(spec, vector(spec, input, example)));
    return found(
        () -> {
          Ranking.Hit hit = ranking.next();
          return hit == null ? null : new Ranking.Hit(hit.point(), spec.score(hit.similarity()));
        },
        example,
        offset,
        limit);
  }

  private List<Found> sparse(SparseVectors vectors, VectorInput input, long offset, long limit) {
    if (!input.hasSparse()) {
      throw input.hasDense()
          ? Refusal.wrongInput("Conversion between sparse and regular vectors failed")
          : Refusal.unsupported(
              "A search in sparse vectors by "
                  + input.getVariantCase().name().toLowerCase(Locale.ROOT));
    }
    Iterator<Ranking.Hit> hits =
        vectors.index().rank(SparseValues.of(input.getSparse())).iterator();
    return found(() -> hits.hasNext() ? hits.next() : null, null, offset, limit);
  }

  /**
   * @param hits gives the best that is left, then null
   * @param example is left out
   */
  private List<Found> found(Supplier<Ranking.Hit> hits, PointKey example, long offset, long limit) {
    List<Found> found = new ArrayList<>();
    long skip = offset;
    while (found.size() < limit) {
      Ranking.Hit hit = hits.get();
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
        found.add(new Found(point, hit.similarity()));
      }
    }
    return found;
  }

  private float[] vector(VectorSpec spec, VectorInput input, PointKey example) {
    return switch (input.getVariantCase()) {
      case ID -> ofPoint(spec, example);
      case DENSE -> spec.prepare(input.getDense().getDataList());
      case VARIANT_NOT_SET -> throw Refusal.invalid("No vector variant provided");
      default ->
          throw Refusal.unsupported(
              "A search by " + input.getVariantCase().name().toLowerCase(Locale.ROOT));
    };
  }

  private float[] ofPoint(VectorSpec spec, PointKey key) {
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
