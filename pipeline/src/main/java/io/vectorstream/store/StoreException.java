package io.vectorstream.store;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;

/**
 * The failure that the vector store does not answer, or refuses a call. The message says which
 * server and why.
 */
public final class StoreException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final boolean passing;

  /** Not serialised: gRPC's exceptions cannot be sent from a task to the driver. */
  private final transient Throwable cause;

  /** Makes a refusal: the same call would be refused again. */
  public StoreException(String message) {
    this(message, false, null);
  }

  StoreException(String message, boolean passing, Throwable cause) {
    super(message);
    this.passing = passing;
    this.cause = cause;
  }

  /** Returns whether the server refused the content of the call, and not the call as such. */
  public boolean isInvalidContent() {
    return !passing
        && cause instanceof StatusRuntimeException failure
        && !PatientCalls.isFullDisk(failure.getStatus())
        && failure.getStatus().getCode() == Status.Code.INVALID_ARGUMENT;
  }

  /** Returns whether the same call may succeed later, if only the server's condition changes. */
  public boolean isPassing() {
    return passing;
  }

  /** Returns whether the server has refused to create something that exists already. */
  boolean isAlreadyThere() {
    return cause != null && PatientCalls.isAlreadyThere(cause);
  }

  @Override
  public synchronized Throwable getCause() {
    return cause;
  }
}
