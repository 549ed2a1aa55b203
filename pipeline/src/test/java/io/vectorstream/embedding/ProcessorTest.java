package io.vectorstream.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProcessorTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {"fpu avx512f avx512_bf16 avx512_vnni", "fpu amx_bf16", "avx512_bf16 fpu avx2"})
  void a_processor_with_one_of_the_flags_has_bf16(String flags) throws IOException {
    assertThat(Processor.bf16Missing(description("flags\t\t: " + flags))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"flags\t\t: fpu avx2 avx512f", "Features\t: fp asimd bf16", ""})
  void a_processor_without_them_does_not(String line) throws IOException {
    assertThat(Processor.bf16Missing(description(line)))
        .hasValue("the processor has neither avx512_bf16 nor amx_bf16");
  }

  @Test
  void a_machine_that_does_not_tell_does_not() {
    assertThat(Processor.bf16Missing(folder.resolve("none")))
        .hasValue("only Linux tells whether the processor has bf16");
  }

  @ParameterizedTest
  @CsvSource({
    "amd64, fpu avx2 avx512f, true",
    "x86_64, fpu, true",
    "amd64, fpu avx2 avx_vnni, false",
    "amd64, fpu avx512f avx512_vnni, false",
    "aarch64, fpu, false"
  })
  void x86_without_vnni_cuts_off_sums(String architecture, String flags, boolean cuts)
      throws IOException {
    assertThat(Processor.cutsOffSums(architecture, description("flags\t\t: " + flags)))
        .isEqualTo(cuts);
  }

  @Test
  void x86_that_does_not_tell_counts_as_one_that_cuts_off_sums() {
    assertThat(Processor.cutsOffSums("amd64", folder.resolve("none"))).isTrue();
    assertThat(Processor.cutsOffSums("aarch64", folder.resolve("none"))).isFalse();
  }

  private Path description(String line) throws IOException {
    return Files.writeString(
        folder.resolve("cpuinfo"), "processor\t: 0\nmodel name\t: a processor\n" + line + "\n");
  }
}
