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
 * The driver's part in forgetting users: it knows who is forgotten when a part of a batch begins,
 * and finishes what somebody has asked for, whether or not that process has come to an end itself.
 *
 * <p>It is finished only when all that began before the request is stored, and nobody else has
 * taken over: what begins later knows of it, and what writes later writes over events that are
 * there already and have no user any more, which the store refuses.
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

  /** Who is forgotten; to be asked when the ledger knows of the part that begins. */
  ForgottenUsers known() {
    return register.current();
  }

  /** Removes what is stored of those who wait for it; to be called while no batch is unfinished. */
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
