package io.vectorstream.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.engine.EngineException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShrinkingModelTest {
  private final ScriptedModel device = new ScriptedModel("gpu");
  private final SettableClock clock = new SettableClock();
  private final ShrinkingModel model = new ShrinkingModel(device, clock);

  @Test
  void a_batch_that_does_not_fit_is_halved_until_it_does() {
    memoryFor(30);

    List<long[]> batch = texts(16, 10);

    assertThat(model.embed(batch)).containsExactlyElementsOf(vectors(batch));
    assertThat(device.batchSizes).containsExactly(2, 2, 2, 2, 2, 2, 2, 2);
  }

  @Test
  void what_fitted_is_remembered_for_later_batches_of_any_length() {
    memoryFor(40);
    model.embed(texts(16, 10));
    device.batchSizes.clear();

    List<long[]> same = texts(9, 10);
    List<long[]> shorter = texts(16, 5);
    List<long[]> longer = texts(3, 39);

    assertThat(model.embed(same)).containsExactlyElementsOf(vectors(same));
    assertThat(model.embed(shorter)).containsExactlyElementsOf(vectors(shorter));
    assertThat(model.embed(longer)).containsExactlyElementsOf(vectors(longer));
    assertThat(device.batchSizes).containsExactly(4, 4, 1, 8, 8, 1, 1, 1);
  }

  @Test
  void after_a_while_large_batches_are_tried_again() {
    memoryFor(40);
    model.embed(texts(16, 10));
    device.batchSizes.clear();
    device.before(tokens -> {});

    model.embed(texts(16, 10));
    clock.pass(ShrinkingModel.REMEMBERED.minus(Duration.ofSeconds(1)));
    model.embed(texts(16, 10));
    clock.pass(Duration.ofSeconds(1));
    model.embed(texts(16, 10));

    assertThat(device.batchSizes).containsExactly(4, 4, 4, 4, 4, 4, 4, 4, 16);
  }

  @Test
  void one_text_that_does_not_fit_is_a_failure() {
    memoryFor(9);

    assertThatThrownBy(() -> model.embed(texts(2, 10)))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("out of memory");
  }

  @Test
  void another_failure_is_not_tried_with_less() {
    int[] calls = {0};
    device.before(
        tokens -> {
          calls[0]++;
          throw new EngineException("CUDA error: an illegal memory access was encountered");
        });

    assertThatThrownBy(() -> model.embed(texts(16, 10))).hasMessageContaining("illegal");
    assertThat(calls[0]).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of 7.79 GiB",
        "Error code - ORT_FAIL - message: CUDA failure 2: out of memory ; GPU=0 ; hostname=x",
        "BFCArena::AllocateRawInternal Failed to allocate memory for requested buffer of size 4096",
        "Available memory of 1024 is smaller than requested bytes of 4096",
        "CUBLAS failure 3: CUBLAS_STATUS_ALLOC_FAILED ; GPU=0"
      })
  void what_the_engines_say_of_lacking_memory_is_understood(String message) {
    assertThat(DeviceMemory.isExhausted(new EngineException(message))).isTrue();
    assertThat(DeviceMemory.isExhausted(new EngineException(new RuntimeException(message))))
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CUDA error: device-side assert triggered",
        "CUDNN failure 4: CUDNN_STATUS_INTERNAL_ERROR ; GPU=0",
        "CUDA failure 999: unknown error"
      })
  void other_failures_are_not_taken_for_lacking_memory(String message) {
    assertThat(DeviceMemory.isExhausted(new EngineException(message))).isFalse();
    assertThat(DeviceMemory.isExhausted(new EngineException((String) null))).isFalse();
  }

  private void memoryFor(int tokens) {
    device.before(batch -> GpuFailures.outOfMemoryAbove(tokens, batch));
  }

  private static List<long[]> texts(int count, int length) {
    return IntStream.range(0, count)
        .mapToObj(i -> IntStream.range(0, length).mapToLong(token -> i * 100L + token).toArray())
        .toList();
  }

  private static List<float[]> vectors(List<long[]> texts) {
    return texts.stream().map(ScriptedModel::vector).toList();
  }
}
