package io.vectorstream.store;

import static io.vectorstream.store.Payload.integer;
import static io.vectorstream.store.Payload.text;

import io.qdrant.client.ConditionFactory;
import io.qdrant.client.grpc.Common.Filter;
import io.qdrant.client.grpc.JsonWithInt.Value;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Which models have vectors in the store: the one in use and, during a migration, another.
 *
 * @param revision counts the changes
 * @param writer a new value for each change
 * @param number counts the migrations; a part of the names of their collections
 * @param phase how far the present migration has come
 * @param switched whether the one in use is the new one
 * @param inUse the model that searches and recommendations go by
 * @param other the other model of a migration; null without one
 * @param progress of the copies
 * @param problem why the migration does not go on; empty if it does
 * @param at when the phase began, or the model was switched, ISO-8601
 */
public record ModelState(
    long revision,
    String writer,
    long number,
    Phase phase,
    boolean switched,
    ModelCollections inUse,
    ModelCollections other,
    CopyProgress progress,
    String problem,
    String at) {

  /** The progress of a migration. */
  public enum Phase {
    /** There is none. */
    SETTLED,
    /** The collections of the new model are being created. */
    PREPARING,
    /** Each batch changes both models' points; what was stored before is being copied. */
    COPYING,
    /** Each batch changes both models' points, and they are complete. */
    READY,
    /** The other model's collections are being deleted. */
    DROPPING
  }

  private static final String REVISION = "revision";
  private static final String WRITER = "writer";

  /** Returns the state of a store in which nothing was migrated so far. */
  public static ModelState first(ModelCollections inUse) {
    return new ModelState(
        0,
        "",
        1,
        Phase.SETTLED,
        false,
        inUse,
        null,
        CopyProgress.NONE,
        "",
        Instant.now().toString());
  }

  /** Returns the other model, if batches have to change its points, too. */
  public Optional<ModelCollections> writtenBeside() {
    return phase == Phase.COPYING || phase == Phase.READY ? Optional.of(other) : Optional.empty();
  }

  /** Returns the models whose points batches change. */
  public Stream<ModelCollections> written() {
    return Stream.concat(writtenBeside().stream(), Stream.of(inUse));
  }

  /** Returns the beginning of a migration to another model. */
  public ModelState preparing(long number, ModelCollections next) {
    return new ModelState(
        revision,
        writer,
        number,
        Phase.PREPARING,
        false,
        inUse,
        next,
        CopyProgress.NONE,
        "",
        Instant.now().toString());
  }

  /** Returns the same in another phase. */
  public ModelState in(Phase next) {
    return new ModelState(
        revision,
        writer,
        number,
        next,
        switched,
        inUse,
        other,
        progress,
        "",
        Instant.now().toString());
  }

  /** Returns the end of a migration: the model in use is the only one. */
  public ModelState settled() {
    return new ModelState(
        revision,
        writer,
        number,
        Phase.SETTLED,
        false,
        inUse,
        null,
        CopyProgress.NONE,
        "",
        Instant.now().toString());
  }

  /** Returns the same with the other model in use. */
  public ModelState switchedOver() {
    return new ModelState(
        revision,
        writer,
        number,
        phase,
        !switched,
        other,
        inUse,
        progress,
        problem,
        Instant.now().toString());
  }

  /** Returns the same with the settings that load the model in use. */
  public ModelState withSettingsInUse(Map<String, String> settings) {
    return new ModelState(
        revision,
        writer,
        number,
        phase,
        switched,
        inUse.with(settings),
        other,
        progress,
        problem,
        at);
  }

  /** Returns the same with the copies further on. */
  public ModelState with(CopyProgress next, String problem) {
    return new ModelState(
        revision, writer, number, phase, switched, inUse, other, next, problem, at);
  }

  ModelState numbered(long revision) {
    return new ModelState(
        revision,
        UUID.randomUUID().toString(),
        number,
        phase,
        switched,
        inUse,
        other,
        progress,
        problem,
        at);
  }

  /** Returns the condition that the point still holds this very state; null if there was none. */
  Filter isStillThere() {
    return revision == 0
        ? null
        : Filter.newBuilder()
            .addMust(ConditionFactory.match(REVISION, revision))
            .addMust(ConditionFactory.matchKeyword(WRITER, writer))
            .build();
  }

  Map<String, Value> payload() {
    Map<String, Value> payload = new HashMap<>();
    payload.put(REVISION, integer(revision));
    payload.put(WRITER, text(writer));
    payload.put("number", integer(number));
    payload.put("phase", text(phase.name().toLowerCase(Locale.ROOT)));
    payload.put("switched", Payload.flag(switched));
    payload.put("in_use", inUse.value());
    if (other != null) {
      payload.put("other", other.value());
    }
    payload.put("progress", progress.value());
    payload.put("problem", text(problem));
    payload.put("at", text(at));
    return payload;
  }

  static ModelState of(Map<String, Value> payload) {
    return new ModelState(
        payload.get(REVISION).getIntegerValue(),
        payload.get(WRITER).getStringValue(),
        payload.get("number").getIntegerValue(),
        Phase.valueOf(payload.get("phase").getStringValue().toUpperCase(Locale.ROOT)),
        payload.get("switched").getBoolValue(),
        ModelCollections.of(payload.get("in_use")),
        payload.containsKey("other") ? ModelCollections.of(payload.get("other")) : null,
        CopyProgress.of(payload.get("progress")),
        payload.get("problem").getStringValue(),
        payload.get("at").getStringValue());
  }

  /** Returns the names of the collections that it knows of. */
  public List<String> collections() {
    return Stream.of(Optional.of(inUse), Optional.ofNullable(other))
        .flatMap(Optional::stream)
        .flatMap(model -> Stream.of(model.products(), model.users()))
        .toList();
  }
}
