package io.vectorstream.store;

import io.vectorstream.event.StoredDeadLetter;
import java.util.function.UnaryOperator;

/**
 * The filter that hides the content of dead letters that contain the id of a forgotten user
 * anywhere: only their place and reason are shown.
 */
public final class ForgottenLetters {

  private final VectorStore store;
  private final ForgetRegister register;

  public ForgottenLetters(VectorStore store) {
    this.store = store;
    this.register = new ForgetRegister(store);
  }

  /**
   * Returns the function to apply to each dead letter before it is shown. If the server does not
   * say who is forgotten, it hides the content of all.
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
        !forgotten.isEmpty() && letter.mayName(forgotten::contains)
            ? letter.withoutContent("of a user who is forgotten")
            : letter;
  }
}
