package io.vectorstream.store;

import io.grpc.Status;

/** The failures of calls that the server refuses. */
public final class Refusals {

  private Refusals() {}

  /** Returns the refusal of content that the server should store. */
  public static StoreException invalidContent(String message) {
    return new StoreException(message, false, Status.INVALID_ARGUMENT.asRuntimeException());
  }

  /** Returns the refusal of an unknown caller. */
  public static StoreException unauthenticated() {
    return new StoreException("who?", false, Status.UNAUTHENTICATED.asRuntimeException());
  }
}
