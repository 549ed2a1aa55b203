package io.vectorstream.stream;

import io.vectorstream.config.Settings;
import io.vectorstream.store.ForgetRegister;
import io.vectorstream.store.ForgottenUsers;
import io.vectorstream.store.Ledger;
import io.vectorstream.store.UserErasure;
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

  private final ForgetRegister register;
  private final UserErasure erasure;
  private final Ledger ledger;

  Forgetting(Settings settings, Ledger ledger) {
    this.register = new ForgetRegister(settings.qdrant());
    this.erasure = new UserErasure(settings.qdrant());
    this.ledger = ledger;
  }

  /** Returns the forgotten users; called when the ledger has recorded the part that begins. */
  ForgottenUsers known() {
    return register.current();
  }

  /** Removes the stored data of users who wait for it; called while no batch is unfinished. */
  void finish() {
    register.current();
    Set<String> users = register.waiting();
    if (users.isEmpty()) {
      return;
    }
    long events = 0;
    for (String user : users) {
      erasure.removeUser(user);
      events += erasure.anonymiseEvents(user, soFar -> {});
    }
    ledger.requireOwned();
    register.done(users);
    log.info(
        "nothing of {} users who were to be forgotten is written any more; {} more events of theirs were made nobody's",
        users.size(),
        events);
  }
}
