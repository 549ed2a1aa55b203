package io.vectorstream.stream;

import io.vectorstream.config.Settings;
import io.vectorstream.migration.Side;
import io.vectorstream.migration.Sides;
import io.vectorstream.store.Ledger;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The embedding of texts that batches had no time for, for each model that has vectors. */
final class PendingOfModels {

  private static final Logger log = LoggerFactory.getLogger(PendingOfModels.class);

  private final Settings settings;
  private final Sides sides;
  private final JavaSparkContext spark;
  private final Ledger ledger;
  private final IntSupplier tasks;

  /** The pace of the model that was in use at the start. */
  private final EmbeddingPace ownPace;

  /** By the names of the models' collections of products. */
  private final Map<String, PendingEmbeddings> pending = new HashMap<>();

  /**
   * @param tasks how many embed side by side
   * @param ownPace receives the amount of work and the speed of the model in use at the start
   */
  PendingOfModels(
      Sides sides,
      JavaSparkContext spark,
      Ledger ledger,
      IntSupplier tasks,
      EmbeddingPace ownPace) {
    this.settings = sides.own();
    this.sides = sides;
    this.spark = spark;
    this.ledger = ledger;
    this.tasks = tasks;
    this.ownPace = ownPace;
  }

  /**
   * Makes one step for each model.
   *
   * @return whether there may be more to do
   */
  boolean step() {
    List<Side> models = sides.written();
    pending.keySet().retainAll(models.stream().map(Side::products).toList());
    boolean more = false;
    for (Side side : models) {
      more |= side.late() ? stepOfLate(side) : of(side).step();
    }
    return more;
  }

  /** Makes a step for a model that nobody waits for: if it fails, the next wake tries again. */
  private boolean stepOfLate(Side side) {
    if (!side.isReady()) {
      return false;
    }
    try {
      return of(side).step();
    } catch (PipelineException e) {
      log.debug("texts wait for the model {}", side.modelName(), e);
      return false;
    }
  }

  private PendingEmbeddings of(Side side) {
    return pending.computeIfAbsent(
        side.products(),
        name -> new PendingEmbeddings(side, spark, ledger, tasks, side.late() ? pace() : ownPace));
  }

  private EmbeddingPace pace() {
    return new EmbeddingPace(
        settings.stream().pendingTime(), settings.stream().batchTime(), Clock.systemUTC());
  }
}
