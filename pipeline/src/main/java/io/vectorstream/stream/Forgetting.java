package io.vectorstream.stream;

import io.vectorstream.config.Settings;
import io.vectorstream.store.ForgetRegister;
import io.vectorstream.store.ForgottenUsers;
import io.vectorstream.store.Ledger;
import io.vectorstream.store.UserErasure;
import java.time.Duration;
import java.util.HashSet;
import java.util.Iterator;
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

  private final ForgetRegister register;
  private final UserErasure erasure;
  private final Ledger ledger;
  private long finished;
  private long events;

  Forgetting(Settings settings, Ledger ledger) {
    this.register = new ForgetRegister(settings.qdrant());
    this.erasure = new UserErasure(settings.qdrant());
    this.ledger = ledger;
  }

  /** Returns the forgotten users; called when the ledger has recorded the part that begins. */
  ForgottenUsers known() {
    return register.current();
  }

  /**
   * Removes what is stored of some of those who wait for it; to be called while no batch is
   * unfinished.
   *
   * @return whether there are more
   */
  boolean step() {
    register.current();
    long end = System.nanoTime() + STEP.toNanos();
    Set<String> done = new HashSet<>();
    Iterator<String> users = register.waiting().iterator();
    while (users.hasNext() && (done.isEmpty() || System.nanoTime() < end)) {
      String user = users.next();
      erasure.removeUser(user);
      events += erasure.anonymiseEvents(user);
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
