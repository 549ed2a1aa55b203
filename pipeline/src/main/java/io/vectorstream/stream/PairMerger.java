package io.vectorstream.stream;

import com.google.common.collect.Iterators;
import io.vectorstream.config.Settings;
import io.vectorstream.merge.Decay;
import io.vectorstream.merge.PairDelta;
import io.vectorstream.merge.PairDeltas;
import io.vectorstream.merge.ProductPairs;
import io.vectorstream.merge.Trail;
import io.vectorstream.merge.UserDelta;
import io.vectorstream.store.BatchMark;
import io.vectorstream.store.Fence;
import io.vectorstream.store.PairCollection;
import io.vectorstream.store.UserCollection;
import io.vectorstream.store.UserCollection.MarkedTrail;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * The step that adds a batch to the pairs of products in the store. A pair comes to be where a user
 * turns to a product while another one is on the user's trail, so the step reads users as they were
 * before the batch. It is complete before the first user is changed: a user who carries the batch's
 * mark shows that all pairs carry it.
 */
final class PairMerger {

  private static final int MERGED_AT_ONCE = 500;

  private final TaskSettings settings;
  private final Settings.Interest interest;
  private final Decay decay;
  private final BatchMark batch;
  private final Fence fence;

  /**
   * @param settings with the collection of users that lacks nobody
   * @param fence of the turn in which the batch is merged
   */
  PairMerger(TaskSettings settings, BatchMark batch, Fence fence) {
    this.settings = settings;
    this.interest = settings.interest();
    this.decay = PairDeltas.decay(interest);
    this.batch = batch;
    this.fence = TaskAttempt.of(fence);
  }

  /** Returns whether pairs are counted at all. */
  static boolean counts(TaskSettings settings) {
    return settings.interest().pairs().areCounted();
  }

  /** Returns what users change, one delta a product; none for users who carry the batch's mark. */
  Collection<PairDelta> deltas(Iterator<UserDelta> users) {
    PairDeltas pairs = new PairDeltas(interest);
    UserCollection store = new UserCollection(settings.qdrant());
    Iterator<UserDelta> visitors = Iterators.filter(users, UserDelta::hasVisits);
    UserMerger.chunks(visitors)
        .forEachRemaining(
            chunk -> {
              Map<String, MarkedTrail> known =
                  store.trails(chunk.stream().map(UserDelta::userId).toList(), fence);
              for (UserDelta user : chunk) {
                MarkedTrail before = known.get(user.userId());
                if (before == null) {
                  pairs.add(user, Trail.NONE);
                } else if (!before.batch().equals(batch.toString())) {
                  Checkpoint.requireNewest(settings.checkpoint(), batch, before.batch());
                  pairs.add(user, before.trail());
                }
              }
            });
    return pairs.products();
  }

  /** Adds up the deltas of each product, merges and stores them. */
  void merge(Iterator<PairDelta> deltas) {
    Map<String, PairDelta> products = new HashMap<>();
    deltas.forEachRemaining(
        delta -> products.merge(delta.productId(), delta, (one, other) -> one.add(other, decay)));
    PairCollection store = PairCollection.shared(settings.qdrant());
    Iterators.partition(products.values().iterator(), MERGED_AT_ONCE)
        .forEachRemaining(some -> merge(some, store));
  }

  private void merge(List<PairDelta> deltas, PairCollection store) {
    Map<String, ProductPairs> known =
        store.pairs(deltas.stream().map(PairDelta::productId).toList(), fence);
    known
        .values()
        .forEach(pairs -> Checkpoint.requireNewest(settings.checkpoint(), batch, pairs.batch()));
    List<ProductPairs> changed = new ArrayList<>();
    for (PairDelta delta : deltas) {
      ProductPairs before =
          known.getOrDefault(delta.productId(), ProductPairs.none(delta.productId()));
      ProductPairs after = before.plus(delta, interest.pairs().partners(), decay, batch.toString());
      if (after != before) {
        changed.add(after);
      }
    }
    if (!changed.isEmpty()) {
      store.store(changed, fence);
    }
  }
}
