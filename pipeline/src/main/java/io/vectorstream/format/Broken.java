package io.vectorstream.format;

import io.vectorstream.event.BrokenRecordException;
import io.vectorstream.event.Reason;

/** The failure of a value that is not what its schema, or its format, says. */
final class Broken {

  private Broken() {}

  static BrokenRecordException broken(String message) {
    return new BrokenRecordException(Reason.CANNOT_BE_DECODED, message);
  }
}
