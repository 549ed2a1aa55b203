package io.vectorstream.store;

import io.vectorstream.event.StoredDeadLetter;
import java.util.function.UnaryOperator;

/**
 * Dead letters as they may be shown: of a record in which the id of a user who is forgotten stands
 * anywhere, only where it lies and why.
 */
public final class ForgottenLetters {

  private final VectorStore store;
  private final ForgetRegister register;

  public ForgottenLetters(VectorStore store) {
    this.store = store;
    this.register = new ForgetRegister(store);
  }

  /**
   * What to make of each dead letter before it is shown. Where the server does not say who is
   * forgotten, no content is shown.
   */
  public UnaryOperator<StoredDeadLetter> shown() {
    ForgottenUsers forgotten;
    try {
      forgotten = register.exists() ? register.current() : ForgottenUsers.NONE;
    } catch (StoreException e) {
      return letter ->
          letter.withoutContent(
              "not shown, because Qdrant at %s does not say which users are forgotten"
                  .formatted(store.address()));
    }
    return letter ->
        !forgotten.isEmpty() && letter.possibleUserIds().stream().anyMatch(forgotten::contains)
            ? letter.withoutContent("of a user who is forgotten")
            : letter;
  }
}
