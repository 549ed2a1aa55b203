package io.vectorstream.local.store;

import io.grpc.StatusRuntimeException;
import io.qdrant.client.grpc.Common.PointId;
import io.qdrant.client.grpc.JsonWithInt.Value;
import io.qdrant.client.grpc.Points.GroupId;
import io.qdrant.client.grpc.Points.GroupsResult;
import io.qdrant.client.grpc.Points.PointGroup;
import io.qdrant.client.grpc.Points.QueryPointGroups;
import io.qdrant.client.grpc.Points.WithLookup;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Hits of a query by the value of a field: the groups with the best hits, and in each its best
 * hits. A point with an array of values is in every group that the array names.
 */
final class Grouping {

  private static final long DEFAULT_GROUPS = 10;
  private static final long DEFAULT_GROUP_SIZE = 3;

  private final CollectionRegistry registry;
  private final Queries queries;

  Grouping(CollectionRegistry registry, Queries queries) {
    this.registry = registry;
    this.queries = queries;
  }

  GroupsResult query(QueryPointGroups request) {
    StoredCollection collection = registry.get(request.getCollectionName());
    long limit = request.hasLimit() ? request.getLimit() : DEFAULT_GROUPS;
    long groupSize = request.hasGroupSize() ? request.getGroupSize() : DEFAULT_GROUP_SIZE;
    if (request.getGroupBy().isEmpty() || limit < 1 || groupSize < 1) {
      throw Refusal.invalid("Validation error: group_by, limit and group_size must not be empty");
    }
    StrictMode strict = StrictMode.of(collection);
    strict.checkGrouping(request.getGroupBy());
    strict.checkLimit(limit * groupSize);
    JsonPath path = JsonPath.parse(request.getGroupBy());
    Map<GroupId, List<ScoredHit>> groups = new LinkedHashMap<>();
    long[] full = {0};
    queries.forEach(
        collection,
        request,
        hit -> {
          for (GroupId id : groupIds(path, hit.point())) {
            List<ScoredHit> hits = groups.get(id);
            if (hits == null && groups.size() < limit) {
              hits = new ArrayList<>();
              groups.put(id, hits);
            }
            if (hits != null && hits.size() < groupSize) {
              hits.add(hit);
              full[0] += hits.size() == groupSize ? 1 : 0;
            }
          }
          return full[0] < limit;
        });
    Answer answer =
        new Answer(
            collection,
            PayloadSelector.of(request.hasWithPayload(), request.getWithPayload(), false),
            request.getWithVectors());
    GroupsResult.Builder result = GroupsResult.newBuilder();
    groups.forEach(
        (id, hits) -> {
          PointGroup.Builder group = PointGroup.newBuilder().setId(id);
          hits.forEach(hit -> group.addHits(answer.scored(hit)));
          if (request.hasWithLookup()) {
            lookUp(group, request.getWithLookup());
          }
          result.addGroups(group);
        });
    return result.build();
  }

  private static Set<GroupId> groupIds(JsonPath path, StoredPoint point) {
    Set<GroupId> ids = new LinkedHashSet<>();
    for (Value value : path.values(point.fields())) {
      List<Value> elements =
          value.hasListValue() ? value.getListValue().getValuesList() : List.of(value);
      for (Value element : elements) {
        if (element.hasStringValue()) {
          ids.add(GroupId.newBuilder().setStringValue(element.getStringValue()).build());
        } else if (element.hasIntegerValue()) {
          long number = element.getIntegerValue();
          ids.add(
              number >= 0
                  ? GroupId.newBuilder().setUnsignedValue(number).build()
                  : GroupId.newBuilder().setIntegerValue(number).build());
        } else {
          return Set.of(); // other kinds cannot name a group; such a point is in none
        }
      }
    }
    return ids;
  }

  private void lookUp(PointGroup.Builder group, WithLookup lookup) {
    StoredCollection other = registry.get(lookup.getCollection());
    PointKey key = key(group.getId());
    StoredPoint point = key == null ? null : other.get(key);
    if (point != null) {
      group.setLookup(
          new Answer(
                  other,
                  PayloadSelector.of(lookup.hasWithPayload(), lookup.getWithPayload(), true),
                  lookup.getWithVectors())
              .retrieved(point));
    }
  }

  private static PointKey key(GroupId id) {
    if (id.hasUnsignedValue()) {
      return PointKey.of(id.getUnsignedValue());
    }
    try {
      return id.hasStringValue()
          ? PointKey.of(PointId.newBuilder().setUuid(id.getStringValue()).build())
          : null;
    } catch (StatusRuntimeException e) {
      return null; // the group's value is no point id
    }
  }
}
