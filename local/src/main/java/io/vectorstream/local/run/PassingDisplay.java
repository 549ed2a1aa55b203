package io.vectorstream.local.run;

/** A block that is removed at the end. */
record PassingDisplay(BlockDisplay block) implements ProgressDisplay {

  @Override
  public void show(RunProgress progress) {
    block.show(progress);
  }

  @Override
  public void say(String line) {
    // The messages of one of many runs do not stay.
  }

  @Override
  public void finish() {
    block.erase();
  }
}
