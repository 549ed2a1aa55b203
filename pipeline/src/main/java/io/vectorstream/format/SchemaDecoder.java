package io.vectorstream.format;

import io.vectorstream.event.BrokenRecordException;
import java.nio.ByteBuffer;

/** A decoder of values of one schema. Any number of threads may use it. */
interface SchemaDecoder {

  /**
   * Returns a value as JSON, in UTF-8.
   *
   * @param framed what follows the schema's id in the frame, of an array
   * @throws BrokenRecordException if the value does not fit the schema
   */
  byte[] decode(ByteBuffer framed) throws BrokenRecordException;
}
