package io.vectorstream.embedding;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A writer of TorchScript without PyTorch: a ZIP with a module's code, its attributes as a pickle,
 * and the values of its one tensor, {@code table}. It looks up a row of the table for each token.
 */
final class TorchScriptFile {
  static final int ROWS = 97;
  static final int DIMENSION = 8;

  private TorchScriptFile() {}

  /**
   * @param arguments the forward's, {@code input_ids: Tensor, attention_mask: Tensor}
   * @param returns what it returns, made of {@code hidden} and {@code input_ids}
   * @param type of what it returns
   */
  static void write(Path file, String arguments, String returns, String type) throws IOException {
    String code =
        """
        class Lookup(Module):
          __parameters__ = ["table", ]
          __buffers__ = []
          table : Tensor
          training : bool
          def forward(self: __torch__.Lookup,
            %s) -> %s:
            table = self.table
            hidden = torch.embedding(table, torch.remainder(input_ids, %d))
            return %s
        """
            .formatted(arguments, type, ROWS, returns);
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.setMethod(ZipOutputStream.STORED);
      add(zip, "data.pkl", attributes());
      add(zip, "code/__torch__.py", code.getBytes(StandardCharsets.UTF_8));
      add(zip, "data/0", values());
      add(zip, "constants.pkl", new byte[] {(byte) 0x80, 2, ')', '.'});
      add(zip, "version", "3\n".getBytes(StandardCharsets.US_ASCII));
    }
  }

  /** The row that a token gets. */
  static float[] row(long token) {
    float[] row = new float[DIMENSION];
    for (int i = 0; i < DIMENSION; i++) {
      row[i] = (float) Math.sin(1 + token % ROWS * DIMENSION + i);
    }
    return row;
  }

  private static void add(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
    ZipEntry entry = new ZipEntry("lookup/" + name);
    CRC32 sum = new CRC32();
    sum.update(bytes);
    entry.setCrc(sum.getValue());
    entry.setSize(bytes.length);
    zip.putNextEntry(entry);
    zip.write(bytes);
    zip.closeEntry();
  }

  private static byte[] values() {
    ByteBuffer values =
        ByteBuffer.allocate(ROWS * DIMENSION * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int token = 0; token < ROWS; token++) {
      for (float value : row(token)) {
        values.putFloat(value);
      }
    }
    return values.array();
  }

  /** Python's pickle, protocol 2, as PyTorch writes it. */
  private static byte[] attributes() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.write(new byte[] {(byte) 0x80, 2});
    global(out, "__torch__", "Lookup");
    out.writeBytes(")\u0081}(");
    text(out, "training");
    out.write(0x89);
    text(out, "table");
    global(out, "torch._utils", "_rebuild_tensor_v2");
    out.writeBytes("((");
    text(out, "storage");
    global(out, "torch", "FloatStorage");
    text(out, "0");
    text(out, "cpu");
    number(out, ROWS * DIMENSION);
    out.writeBytes("tQ");
    number(out, 0);
    out.writeBytes("(");
    number(out, ROWS);
    number(out, DIMENSION);
    out.writeBytes("t(");
    number(out, DIMENSION);
    number(out, 1);
    out.writeBytes("t");
    out.write(0x89);
    global(out, "collections", "OrderedDict");
    out.writeBytes(")RtRub.");
    return bytes.toByteArray();
  }

  private static void global(DataOutputStream out, String module, String name) throws IOException {
    out.writeBytes("c" + module + "\n" + name + "\n");
  }

  private static void text(DataOutputStream out, String text) throws IOException {
    out.writeBytes("X");
    out.writeInt(Integer.reverseBytes(text.length()));
    out.writeBytes(text);
  }

  private static void number(DataOutputStream out, int number) throws IOException {
    out.writeBytes("J");
    out.writeInt(Integer.reverseBytes(number));
  }
}
