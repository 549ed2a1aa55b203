package io.vectorstream.local.store;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;

/** The errors that calls end with: status codes and wording as a Qdrant server answers. */
final class Refusal {

  private Refusal() {}

  static StatusRuntimeException invalid(String what) {
    return Status.INVALID_ARGUMENT.withDescription(what).asRuntimeException();
  }

  /** A request that parses but does not fit the collection or its data. */
  static StatusRuntimeException wrongInput(String what) {
    return invalid("Wrong input: " + what);
  }

  /** A request that the collection's strict mode forbids. */
  static StatusRuntimeException badRequest(String what) {
    return invalid("Bad request: " + what);
  }

  static StatusRuntimeException noCollection(String name) {
    return Status.NOT_FOUND
        .withDescription("Not found: Collection `" + name + "` doesn't exist!")
        .asRuntimeException();
  }

  static StatusRuntimeException noPoint(PointKey key) {
    return Status.NOT_FOUND
        .withDescription("Not found: No point with id " + key + " found")
        .asRuntimeException();
  }

  static StatusRuntimeException collectionExists(String name) {
    return Status.ALREADY_EXISTS
        .withDescription("Wrong input: Collection `" + name + "` already exists!")
        .asRuntimeException();
  }

  /** Something that Qdrant can do and this store cannot; {@code what} names it. */
  static StatusRuntimeException unsupported(String what) {
    return Status.UNIMPLEMENTED.withDescription(what + HINT).asRuntimeException();
  }

  static final String HINT =
      " is not available in the embedded vector store; a Qdrant server offers it";
}
