package io.vectorstream.format;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Descriptors.FieldDescriptor.Type;
import com.google.protobuf.WireFormat;
import io.vectorstream.event.BrokenRecordException;
import java.io.IOException;

/**
 * The number of values in a Protobuf message, counted before it is parsed: a parsed message takes
 * far more memory for each of them than the one or two bytes that it may have.
 */
final class ProtobufCount {

  /** The most values of a message. */
  static final int MOST = 1_000_000;

  private final CodedInputStream in;
  private long count;

  private ProtobufCount(CodedInputStream in) {
    this.in = in;
  }

  /**
   * Checks that a message has not too many values; one that is damaged, only up to where it is.
   *
   * @param in a stream of its own, which is read to its end
   */
  static void check(Descriptor type, CodedInputStream in)
      throws BrokenRecordException, IOException {
    new ProtobufCount(in).message(type, 0);
  }

  /**
   * @param type null if it is not known
   */
  private void message(Descriptor type, int depth) throws BrokenRecordException, IOException {
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      int wire = WireFormat.getTagWireType(tag);
      if (wire == WireFormat.WIRETYPE_END_GROUP) {
        return;
      }
      add(1);
      FieldDescriptor field =
          type == null ? null : type.findFieldByNumber(WireFormat.getTagFieldNumber(tag));
      if (wire == WireFormat.WIRETYPE_START_GROUP && depth < AvroDecoder.DEEPEST) {
        message(null, depth + 1);
      } else if (wire == WireFormat.WIRETYPE_LENGTH_DELIMITED && field != null) {
        lengthDelimited(field, depth);
      } else {
        in.skipField(tag);
      }
    }
  }

  private void lengthDelimited(FieldDescriptor field, int depth)
      throws BrokenRecordException, IOException {
    int length = in.readRawVarint32();
    // What is nested more deeply is refused when it is parsed.
    if (field.getJavaType() == JavaType.MESSAGE
        && field.getType() != Type.GROUP
        && depth < AvroDecoder.DEEPEST) {
      int outer = in.pushLimit(length);
      message(field.getMessageType(), depth + 1);
      in.popLimit(outer);
    } else if (field.isPackable()) {
      packed(field, length);
    } else {
      in.skipRawBytes(length);
    }
  }

  private void packed(FieldDescriptor field, int length) throws BrokenRecordException, IOException {
    switch (field.getType()) {
      case DOUBLE, FIXED64, SFIXED64 -> {
        add(length / Long.BYTES);
        in.skipRawBytes(length);
      }
      case FLOAT, FIXED32, SFIXED32 -> {
        add(length / Integer.BYTES);
        in.skipRawBytes(length);
      }
      default -> {
        int outer = in.pushLimit(length);
        while (in.getBytesUntilLimit() > 0) {
          in.readRawVarint64();
          add(1);
        }
        in.popLimit(outer);
      }
    }
  }

  private void add(int more) throws BrokenRecordException {
    count += more;
    if (count > MOST) {
      throw Broken.broken(
          "the value has more than %,d values in it, which is not read".formatted(MOST));
    }
  }
}
