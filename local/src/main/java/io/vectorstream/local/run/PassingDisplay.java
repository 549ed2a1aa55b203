package io.vectorstream.local.run;

/** A block that leaves nothing behind. */
record PassingDisplay(BlockDisplay block) implements ProgressDisplay {

  @Override
  public void show(Progress progress) {
    block.show(progress);
  }

  @Override
  public void say(String line) {
    // What one of many runs has to say does not stay.
  }

  @Override
  public void finish() {
    block.erase();
  }
}
