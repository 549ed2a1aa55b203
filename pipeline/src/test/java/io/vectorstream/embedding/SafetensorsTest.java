package io.vectorstream.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsTest {
  @TempDir private Path temp;

  @Test
  void numbers_in_fp32_and_both_half_precisions_are_read() throws IOException {
    Path file =
        write(
            """
            {"__metadata__": {"format": "pt"},
             "a": {"dtype": "F32", "shape": [2, 2], "data_offsets": [0, 16]},
             "b": {"dtype": "F16", "shape": [5], "data_offsets": [16, 26]},
             "c": {"dtype": "BF16", "shape": [2], "data_offsets": [26, 30]}}
            """,
            ByteBuffer.allocate(30)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(1)
                .putFloat(-2)
                .putFloat(0.5f)
                .putFloat(4)
                // 1, -2, the least and the largest number, and zero.
                .putShort((short) 0x3C00)
                .putShort((short) 0xC000)
                .putShort((short) 0x0001)
                .putShort((short) 0x7BFF)
                .putShort((short) 0x0000)
                .putShort((short) (Float.floatToIntBits(1.5f) >> 16))
                .putShort((short) (Float.floatToIntBits(-96) >> 16)));

    Safetensors tensors = Safetensors.open(file);

    assertThat(tensors.names()).containsExactly("a", "b", "c");
    assertThat(tensors.table("a").orElseThrow().values()).containsExactly(1, -2, 0.5f, 4);
    assertThat(tensors.table("a").orElseThrow().rows()).isEqualTo(2);
    assertThat(tensors.table("b").orElseThrow().values())
        .containsExactly(1, -2, 0x1p-24f, 65_504, 0);
    assertThat(tensors.table("b").orElseThrow().columns()).isEqualTo(5);
    assertThat(tensors.table("c").orElseThrow().values()).containsExactly(1.5f, -96);
    assertThat(tensors.table("d")).isEmpty();
  }

  @Test
  void a_type_that_is_not_read_is_named() throws IOException {
    Path file =
        write(
            "{\"a\": {\"dtype\": \"I8\", \"shape\": [4], \"data_offsets\": [0, 4]}}",
            ByteBuffer.allocate(4));

    assertThatThrownBy(() -> Safetensors.open(file).table("a"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("has the tensor a in I8; expected F32, F16 or BF16");
  }

  @Test
  void sizes_and_places_that_do_not_fit_are_refused() {
    String half = "{\"a\": {\"dtype\": \"F32\", \"shape\": [4], \"data_offsets\": [0, 8]}}";
    String cut = "{\"a\": {\"dtype\": \"F32\", \"shape\": [4], \"data_offsets\": [0, 16]}}";

    assertThatThrownBy(() -> Safetensors.open(write(half, ByteBuffer.allocate(8))).table("a"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("has the tensor a in 8 bytes; expected 16");
    assertThatThrownBy(() -> Safetensors.open(write(cut, ByteBuffer.allocate(8))).table("a"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("ends before");
  }

  @Test
  void what_is_no_such_file_is_refused() throws IOException {
    Path text = Files.writeString(temp.resolve("text"), "version https://git-lfs.github.com/spec");
    Path empty = Files.createFile(temp.resolve("empty"));

    assertThatThrownBy(() -> Safetensors.open(text)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> Safetensors.open(empty)).isInstanceOf(IOException.class);
  }

  private Path write(String header, ByteBuffer data) throws IOException {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer whole =
        ByteBuffer.allocate(Long.BYTES + text.length + data.capacity())
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(text.length)
            .put(text)
            .put(data.array());
    return Files.write(Files.createTempFile(temp, "a", ".safetensors"), whole.array());
  }
}
