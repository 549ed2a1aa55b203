package io.vectorstream.store;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;

/**
 * The vector store does not answer, or refuses what was asked of it. The message says which server
 * and why.
 */
public final class StoreException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final boolean passing;

  /** Stays where it happened: gRPC's exceptions cannot travel from a task to the driver. */
  private final transient Throwable cause;

  /** A refusal: the same call would be refused again. */
  public StoreException(String message) {
    this(message, false, null);
  }

  StoreException(String message, boolean passing, Throwable cause) {
    super(message);
    this.passing = passing;
    this.cause = cause;
  }

  /** Whether the server refused what the call would store, rather than the call as such. */
  public boolean isInvalidContent() {
    return !passing
        && cause instanceof StatusRuntimeException failure
        && !PatientCalls.isFullDisk(failure.getStatus())
        && failure.getStatus().getCode() == Status.Code.INVALID_ARGUMENT;
  }

  /** Whether the same call may succeed later, with nothing changed but the server's condition. */
  public boolean isPassing() {
    return passing;
  }

  /** Whether the server has refused to make what it has already. */
  boolean isAlreadyThere() {
    return cause != null && PatientCalls.isAlreadyThere(cause);
  }

  @Override
  public synchronized Throwable getCause() {
    return cause;
  }
}
