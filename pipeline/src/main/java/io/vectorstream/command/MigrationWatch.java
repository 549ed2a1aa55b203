package io.vectorstream.command;

import io.vectorstream.migration.ModelMigrations;
import io.vectorstream.migration.ModelPhases;
import io.vectorstream.store.CopyProgress;
import io.vectorstream.store.ModelState;
import io.vectorstream.store.ModelState.Phase;
import java.io.PrintWriter;
import java.time.Duration;
import org.apache.commons.lang3.StringUtils;

/** The view of a migration that the pipeline works off. */
final class MigrationWatch {

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(250);

  /** How long nobody takes a migration up before that is told. */
  private static final Duration UNTAKEN = Duration.ofSeconds(10);

  private final ModelMigrations models;
  private final LoadProgress progress;
  private final PrintWriter out;
  private final long startedAt = System.nanoTime();

  /** What was done when this began to watch, of which it does not know how long it took. */
  private long doneAtFirst = -1;

  private String problem = "";
  private boolean toldUntaken;

  MigrationWatch(ModelMigrations models, LoadProgress progress, PrintWriter out) {
    this.models = models;
    this.progress = progress;
    this.out = out;
  }

  /** Returns the state when everything is copied, or the migration has ended otherwise. */
  ModelState untilReady() throws InterruptedException {
    ModelState state = models.state().orElseThrow();
    while (state.phase() == Phase.COPYING || state.phase() == Phase.PREPARING) {
      show(state);
      Thread.sleep(BETWEEN_LOOKS.toMillis());
      state = models.state().orElseThrow();
    }
    progress.end();
    return state;
  }

  private void show(ModelState state) {
    if (!state.problem().isEmpty() && !state.problem().equals(problem)) {
      problem = state.problem();
      say("It does not go on: " + problem);
    }
    CopyProgress now = state.progress();
    if (now.startedAt().isEmpty()) {
      if (!toldUntaken && System.nanoTime() - startedAt > UNTAKEN.toNanos()) {
        toldUntaken = true;
        say("No pipeline has taken it up so far; start one with `run`, or end this and come back.");
      }
      return;
    }
    if (doneAtFirst < 0) {
      doneAtFirst = done(now);
    }
    progress.update(seconds -> line(now, doneAtFirst, seconds));
  }

  private void say(String line) {
    progress.end();
    out.println(line);
    out.flush();
  }

  private static long done(CopyProgress progress) {
    return progress.products() + progress.users();
  }

  static String line(CopyProgress now, long doneAtFirst, double seconds) {
    long all = Math.max(1, now.productsInAll() + now.usersInAll());
    double share = Math.min(1, (double) done(now) / all);
    long more = done(now) - doneAtFirst;
    double sinceFirst = (double) more / Math.max(1, all - doneAtFirst);
    return "%s  %,d of %,d products, %,d of %,d users, %,.0f/s, %s left"
        .formatted(
            LoadProgress.bar(share),
            now.products(),
            now.productsInAll(),
            now.users(),
            now.usersInAll(),
            more / seconds,
            now.pass() == CopyProgress.Pass.TEXTS
                ? "some texts"
                : LoadProgress.left(Math.min(1, sinceFirst), seconds));
  }

  /** Returns the state as a sentence. */
  static String told(ModelState state) {
    return StringUtils.capitalize(ModelPhases.sentence(state)) + ".";
  }

  /** Tells how many interests lack events that are deleted. */
  static void tellInPart(ModelState state, PrintWriter out) {
    if (state.progress().inPart() > 0) {
      out.printf(
          "%,d users have events that are not stored any more; their interests are made of the"
              + " others.%n",
          state.progress().inPart());
    }
  }
}
