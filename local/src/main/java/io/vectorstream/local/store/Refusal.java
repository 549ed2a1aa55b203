package io.vectorstream.local.store;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.Set;

/** The errors that calls end with: status codes and wording as a Qdrant server answers. */
final class Refusal {

  private Refusal() {}

  static StatusRuntimeException invalid(String what) {
    return Status.INVALID_ARGUMENT.withDescription(what).asRuntimeException();
  }

  /** Returns the refusal of a request that parses but does not fit the collection or its data. */
  static StatusRuntimeException wrongInput(String what) {
    return invalid("Wrong input: " + what);
  }

  /** Returns the refusal of a request that the collection's strict mode forbids. */
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

  /** Returns the refusal of something that only a Qdrant server offers; {@code what} names it. */
  static StatusRuntimeException unsupported(String what) {
    return Status.UNIMPLEMENTED.withDescription(what + HINT).asRuntimeException();
  }

  /**
   * Refuses a request that sets an option which this store does not answer.
   *
   * @param owner names what has the options, with its article
   * @param offered the names of the options that are answered, in the protocol
   * @throws StatusRuntimeException UNIMPLEMENTED, naming the option
   */
  static void checkOptions(String owner, Message request, Set<String> offered) {
    for (FieldDescriptor option : request.getAllFields().keySet()) {
      if (!offered.contains(option.getName())) {
        throw unsupported("The option %s of %s".formatted(option.getName(), owner));
      }
    }
  }

  static final String HINT =
      " is not available in the embedded vector store; a Qdrant server offers it";
}
