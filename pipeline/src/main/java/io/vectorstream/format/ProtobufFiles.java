package io.vectorstream.format;

import static io.vectorstream.format.Broken.broken;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.squareup.wire.schema.CoreLoader;
import com.squareup.wire.schema.ErrorCollector;
import com.squareup.wire.schema.Linker;
import com.squareup.wire.schema.Loader;
import com.squareup.wire.schema.Location;
import com.squareup.wire.schema.ProtoFile;
import com.squareup.wire.schema.Schema;
import com.squareup.wire.schema.internal.SchemaEncoder;
import com.squareup.wire.schema.internal.parser.ProtoParser;
import io.vectorstream.event.BrokenRecordException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The descriptors of Protobuf files. Registries have the files as text, which is compiled here, or
 * compiled and in Base64, as some clients register them. Google's own files are there.
 */
final class ProtobufFiles implements Loader {

  private final Map<String, ProtoFile> files = new LinkedHashMap<>();
  private final Map<String, FileDescriptorProto> compiled = new HashMap<>();
  private final Map<String, FileDescriptor> descriptors = new HashMap<>();

  private ProtobufFiles(Map<String, String> contents) {
    contents.forEach(this::add);
    for (FileDescriptorProto file : compiled.values()) {
      for (String imported : file.getDependencyList()) {
        if (!contents.containsKey(imported)) {
          files.putIfAbsent(imported, CoreLoader.INSTANCE.load(imported));
        }
      }
    }
  }

  private void add(String name, String content) {
    try {
      compiled.put(
          name, FileDescriptorProto.parseFrom(Base64.getDecoder().decode(content.strip())));
    } catch (IllegalArgumentException | InvalidProtocolBufferException e) {
      files.put(
          name, ProtoFile.Companion.get(ProtoParser.Companion.parse(Location.get(name), content)));
    }
  }

  /**
   * Compiles a file.
   *
   * @param contents all files that it needs, and itself, by the names by which they are imported
   * @throws BrokenRecordException if one of them is not Protobuf, or not Protobuf that can be read
   */
  static FileDescriptor compile(String name, Map<String, String> contents)
      throws BrokenRecordException {
    try {
      return new ProtobufFiles(contents).compile(name);
    } catch (DescriptorValidationException | IOException | RuntimeException e) {
      // Wire tells everything that is wrong with a file by exceptions of no type of its own.
      throw broken("is no Protobuf file that can be read: " + e.getMessage());
    }
  }

  private FileDescriptor compile(String name) throws DescriptorValidationException, IOException {
    ErrorCollector errors = new ErrorCollector();
    Schema schema = new Linker(this, errors, true, true).link(files.values());
    return descriptor(name, schema, new SchemaEncoder(schema));
  }

  private FileDescriptor descriptor(String name, Schema schema, SchemaEncoder encoder)
      throws DescriptorValidationException, IOException {
    FileDescriptor done = descriptors.get(name);
    if (done != null) {
      return done;
    }
    FileDescriptorProto file = compiled.get(name);
    if (file == null) {
      ProtoFile linked = schema.protoFile(name);
      if (linked == null) {
        throw new IOException("it imports %s, which is not among its references".formatted(name));
      }
      file = FileDescriptorProto.parseFrom(encoder.encode(linked).toByteArray());
    }
    List<FileDescriptor> imported = new ArrayList<>();
    for (String other : file.getDependencyList()) {
      imported.add(descriptor(other, schema, encoder));
    }
    FileDescriptor descriptor =
        FileDescriptor.buildFrom(file, imported.toArray(FileDescriptor[]::new));
    descriptors.put(name, descriptor);
    return descriptor;
  }

  @Override
  public ProtoFile load(String path) {
    ProtoFile file = files.get(path);
    return file == null ? CoreLoader.INSTANCE.load(path) : file;
  }

  @Override
  public Loader withErrors(ErrorCollector errors) {
    return this;
  }
}
