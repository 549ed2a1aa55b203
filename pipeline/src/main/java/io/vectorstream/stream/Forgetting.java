package io.vectorstream.stream;

import io.vectorstream.migration.Side;
import io.vectorstream.migration.Sides;
import io.vectorstream.store.ForgetRegister;
import io.vectorstream.store.ForgottenUsers;
import io.vectorstream.store.Ledger;
import io.vectorstream.store.UserErasure;
import java.time.Duration;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The driver's part in forgetting users. It provides the forgotten users when a part of a batch
 * begins, and it finishes requests, also those of a process that has ended before it could finish
 * them.
 *
 * <p>A request is finished only when everything that began before it is stored, and no other
 * pipeline has taken over. A part that begins later knows the request. A late write replaces events
 * that exist already and have no user any more, which the store refuses.
 */
final class Forgetting {

  private static final Logger log = LoggerFactory.getLogger(Forgetting.class);

  /** A batch waits no longer than that for a step, unless one user alone takes longer. */
  private static final Duration STEP = Duration.ofMillis(500);

  private final Sides sides;
  private final Ledger ledger;

  /** The register of the collections in use, whose products have the name beside it. */
  private ForgetRegister register;

  private String registered = "";
  private long finished;
  private long events;

  Forgetting(Sides sides, Ledger ledger) {
    this.sides = sides;
    this.ledger = ledger;
  }

  /**
   * Returns the forgotten users; called when the ledger has recorded the part that begins.
   *
   * @param models whose users are written, the one in use last
   */
  ForgottenUsers known(List<Side> models) {
    return register(models).current();
  }

  private ForgetRegister register(List<Side> models) {
    Side inUse = models.get(models.size() - 1);
    if (!registered.equals(inUse.products())) {
      register = new ForgetRegister(inUse.settings().qdrant());
      registered = inUse.products();
    }
    return register;
  }

  /**
   * Removes what is stored of some of those who wait for it; to be called while no batch is
   * unfinished.
   *
   * @return whether there are more
   */
  boolean step() {
    List<Side> models = sides.written();
    register(models).current();
    List<UserErasure> erasures =
        models.stream().map(model -> new UserErasure(model.settings().qdrant())).toList();
    long end = System.nanoTime() + STEP.toNanos();
    Set<String> done = new HashSet<>();
    Iterator<String> users = register.waiting().iterator();
    while (users.hasNext() && (done.isEmpty() || System.nanoTime() < end)) {
      String user = users.next();
      erasures.forEach(erasure -> erasure.removeUser(user));
      events += erasures.get(0).anonymiseEvents(user);
      done.add(user);
    }
    if (done.isEmpty()) {
      return false;
    }
    ledger.requireOwned();
    register.done(done);
    finished += done.size();
    if (users.hasNext()) {
      return true;
    }
    log.info(
        "{} users are forgotten, and nothing of them is written any more; {} more of their events"
            + " were made anonymous",
        finished,
        events);
    finished = 0;
    events = 0;
    return false;
  }
}
