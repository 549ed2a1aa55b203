package io.vectorstream.embedding;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The place of a model that is not loaded yet: its texts wait, as those of a server do. */
final class AbsentModel implements EmbeddingModel {

  private final String name;
  private final Supplier<String> why;

  /**
   * @param why returns why it is not there
   */
  AbsentModel(String name, Supplier<String> why) {
    this.name = name;
    this.why = why;
  }

  @Override
  public List<float[]> embed(List<long[]> tokens) {
    throw new ServerAwayException(why.get(), null);
  }

  @Override
  public boolean isNative() {
    return false;
  }

  @Override
  public EngineInfo engine() {
    return new EngineInfo("none", "none", "none", name);
  }

  @Override
  public Optional<String> outage() {
    return Optional.of(why.get());
  }

  @Override
  public void close() {
    // It holds nothing.
  }
}
