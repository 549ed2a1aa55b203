package io.vectorstream.store;

import io.grpc.Status;

/** What a call to the store ends with when the server refuses it. */
public final class Refusals {

  private Refusals() {}

  /** The server did not like what it was to store. */
  public static StoreException invalidContent(String message) {
    return new StoreException(message, false, Status.INVALID_ARGUMENT.asRuntimeException());
  }

  /** The server did not know who asked. */
  public static StoreException unauthenticated() {
    return new StoreException("who?", false, Status.UNAUTHENTICATED.asRuntimeException());
  }
}
