package io.vectorstream.format;

import static io.vectorstream.format.Broken.broken;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import io.vectorstream.event.BrokenRecordException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The decoder of Protobuf messages. Before a message the frame has the way to its type in the file:
 * the number of types to go through, and the number of each among those of the one before; a single
 * 0 stands for the first type of the file.
 */
final class ProtobufDecoder implements SchemaDecoder {

  private static final int DEEPEST_TYPE = 32;

  private final FileDescriptor file;

  ProtobufDecoder(FileDescriptor file) {
    this.file = file;
  }

  @Override
  public byte[] decode(ByteBuffer framed) throws BrokenRecordException {
    CodedInputStream in = CodedInputStream.newInstance(framed);
    in.setRecursionLimit(AvroDecoder.DEEPEST);
    DynamicMessage message;
    try {
      Descriptor type = type(indexes(in));
      // As many values as that need as many bytes, at least.
      if (framed.remaining() > ProtobufCount.MOST) {
        CodedInputStream counted = CodedInputStream.newInstance(framed);
        indexes(counted);
        ProtobufCount.check(type, counted);
      }
      message = DynamicMessage.parseFrom(type, in);
      in.checkLastTagWas(0);
    } catch (InvalidProtocolBufferException e) {
      throw broken("the value is not a message of its schema: " + e.getMessage());
    } catch (IOException e) {
      throw broken("the value cannot be read: " + e.getMessage());
    }
    return JsonBytes.of(framed.remaining(), json -> ProtobufJson.write(message, json));
  }

  private static List<Integer> indexes(CodedInputStream in)
      throws IOException, BrokenRecordException {
    int count = in.readSInt32();
    if (count < 0 || count > DEEPEST_TYPE) {
      throw broken(
          "the frame says that its type is %d levels deep, expected up to %d"
              .formatted(count, DEEPEST_TYPE));
    }
    if (count == 0) {
      return List.of(0);
    }
    List<Integer> indexes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      indexes.add(in.readSInt32());
    }
    return indexes;
  }

  private Descriptor type(List<Integer> indexes) throws BrokenRecordException {
    Descriptor type = null;
    List<Descriptor> types = file.getMessageTypes();
    for (int index : indexes) {
      if (index < 0 || index >= types.size()) {
        throw broken(
            "the frame names the type number %s of the schema, which has only %d there"
                .formatted(
                    indexes.stream().map(String::valueOf).collect(Collectors.joining(".")),
                    types.size()));
      }
      type = types.get(index);
      types =
          type.getNestedTypes().stream()
              .filter(nested -> !nested.getOptions().getMapEntry())
              .toList();
    }
    return type;
  }
}
