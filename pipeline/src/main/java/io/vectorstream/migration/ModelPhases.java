package io.vectorstream.migration;

import io.vectorstream.store.ModelState;

/** The state of a migration in words. */
public final class ModelPhases {

  private ModelPhases() {}

  /** Returns a sentence without its full stop. */
  public static String sentence(ModelState state) {
    String inUse = state.inUse().model();
    String other = state.other() == null ? "" : state.other().model();
    return switch (state.phase()) {
      case SETTLED -> "the model %s is in use, and there is no other".formatted(inUse);
      case PREPARING ->
          "a migration to the model %s was begun, and has no collections yet".formatted(other);
      case COPYING ->
          state.progress().startedAt().isEmpty()
              ? "a migration to the model %s waits for the pipeline".formatted(other)
              : "what is stored is being copied for the model %s".formatted(other);
      case READY ->
          state.switched()
              ? "the model %s is in use, and %s is kept up to date beside it"
                  .formatted(inUse, other)
              : "the model %s is in use, and everything is copied for %s".formatted(inUse, other);
      case DROPPING ->
          "the model %s is in use, and the vectors of %s are being deleted".formatted(inUse, other);
    };
  }
}
