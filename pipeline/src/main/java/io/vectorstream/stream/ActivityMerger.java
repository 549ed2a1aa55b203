package io.vectorstream.stream;

import com.google.common.collect.Lists;
import io.vectorstream.merge.MinuteDelta;
import io.vectorstream.merge.MinuteState;
import io.vectorstream.store.ActivityCollection;
import io.vectorstream.store.BatchMark;
import io.vectorstream.store.Fence;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The step that adds a batch's deltas to the minutes in the store. */
final class ActivityMerger {

  private static final int MERGED_AT_ONCE = 1_000;

  private final TaskSettings settings;
  private final BatchMark batch;
  private final Fence fence;
  private final ActivityCollection store;

  ActivityMerger(TaskSettings settings, BatchMark batch, Fence fence) {
    this.fence = fence;
    this.settings = settings;
    this.batch = batch;
    this.store = ActivityCollection.shared(settings.qdrant());
  }

  /**
   * @param deltas one a minute and task that saw the minute
   */
  void merge(Iterable<MinuteDelta> deltas) {
    Map<Long, MinuteDelta> sums = new TreeMap<>();
    deltas.forEach(delta -> sums.merge(delta.minute(), delta, MinuteDelta::add));
    Lists.partition(List.copyOf(sums.values()), MERGED_AT_ONCE).forEach(this::mergeSums);
  }

  private void mergeSums(Collection<MinuteDelta> deltas) {
    Map<Long, MinuteState> known =
        store.states(deltas.stream().map(MinuteDelta::minute).toList(), fence);
    known
        .values()
        .forEach(state -> Checkpoint.requireNewest(settings.checkpoint(), batch, state.batch()));
    List<MinuteState> changed = new ArrayList<>();
    for (MinuteDelta delta : deltas) {
      MinuteState before = known.getOrDefault(delta.minute(), MinuteState.empty(delta.minute()));
      MinuteState after = before.plus(delta, batch.toString());
      if (after != before) {
        changed.add(after);
      }
    }
    if (!changed.isEmpty()) {
      store.store(changed, fence);
    }
  }
}
