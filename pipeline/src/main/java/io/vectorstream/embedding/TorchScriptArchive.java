package io.vectorstream.embedding;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** An archive of TorchScript with one module that has code and no weights. */
final class TorchScriptArchive {
  private static final String TRAINING = "training";

  private TorchScriptArchive() {}

  /**
   * Returns the archive, as PyTorch loads it.
   *
   * @param name of the module's class
   * @param code of that class, in the form in which PyTorch saves it
   */
  static byte[] of(String name, String code) throws IOException {
    ByteArrayOutputStream archive = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(archive)) {
      put(zip, "data.pkl", module(name));
      put(zip, "code/__torch__.py", code.getBytes(StandardCharsets.UTF_8));
      // An empty tuple.
      put(zip, "constants.pkl", new byte[] {(byte) 0x80, 2, ')', '.'});
      put(zip, "version", "3\n".getBytes(StandardCharsets.UTF_8));
    }
    return archive.toByteArray();
  }

  /** Returns the module in Python's pickle format, protocol 2: its one attribute is false. */
  private static byte[] module(String name) throws IOException {
    ByteArrayOutputStream pickle = new ByteArrayOutputStream();
    pickle.write(new byte[] {(byte) 0x80, 2});
    pickle.write(("c__torch__\n" + name + "\n").getBytes(StandardCharsets.US_ASCII));
    // An object of that class, made without arguments; then a dictionary with one string as key.
    pickle.write(new byte[] {')', (byte) 0x81, '}', '(', 'X', (byte) TRAINING.length(), 0, 0, 0});
    pickle.write(TRAINING.getBytes(StandardCharsets.US_ASCII));
    // False; the dictionary's end; the object takes it as its attributes.
    pickle.write(new byte[] {(byte) 0x89, 'u', 'b', '.'});
    return pickle.toByteArray();
  }

  private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
    zip.putNextEntry(new ZipEntry("module/" + name));
    zip.write(content);
    zip.closeEntry();
  }
}
