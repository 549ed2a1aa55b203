package io.vectorstream.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A GPU that fails on purpose, with a CPU behind it. */
class FallbackModelTest {
  private static final long[] KNOWN = {7};
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final SettableClock clock = new SettableClock();
  private final List<ScriptedModel> gpus = new ArrayList<>();
  private final List<ScriptedModel> cpus = new ArrayList<>();
  private Consumer<List<long[]>> gpuDoes = tokens -> {};
  private Consumer<List<long[]>> cpuDoes = tokens -> {};
  private boolean gpuLoads = true;
  private boolean cpuLoads = true;

  private final FallbackModel model =
      new FallbackModel(newGpu(), this::loadGpu, this::loadCpu, this::probe, clock);

  @Test
  void a_gpu_that_works_does_everything_and_the_cpu_is_not_even_loaded() {
    List<long[]> batch = texts(8);

    assertThat(model.embed(batch)).containsExactlyElementsOf(vectors(batch));
    assertThat(cpus).isEmpty();
    assertThat(model.engine().device()).isEqualTo("gpu");
    assertThat(model.deviceFailures()).isZero();
  }

  @Test
  void the_batch_that_a_gpu_fails_on_is_computed_by_the_cpu() {
    gpuDoes = tokens -> GpuFailures.broken();
    List<long[]> batch = texts(8);

    assertThat(model.embed(batch)).containsExactlyElementsOf(vectors(batch));
    assertThat(cpus).hasSize(1);
    assertThat(cpus.get(0).batchSizes).containsExactly(8);
    assertThat(model.engine().device()).isEqualTo("cpu");
    assertThat(model.deviceFailures()).isEqualTo(1);
    assertThat(gpus.get(0).isClosed()).isTrue();
  }

  @Test
  void a_gpu_that_was_left_is_tried_again_after_1_2_4_8_and_then_every_10_minutes() {
    gpuDoes = tokens -> GpuFailures.broken();
    model.embed(texts(1));

    List<Integer> triesAfter = new ArrayList<>();
    for (int minute = 1; minute <= 45; minute++) {
      clock.pass(MINUTE);
      int loadedBefore = gpus.size();
      assertThat(model.embed(texts(3))).hasSize(3);
      if (gpus.size() > loadedBefore) {
        triesAfter.add(minute);
      }
    }

    assertThat(triesAfter).containsExactly(1, 3, 7, 15, 25, 35, 45);
    assertThat(model.deviceFailures()).isEqualTo(1);
    assertThat(gpus).allMatch(ScriptedModel::isClosed);
    assertThat(cpus).hasSize(1);
  }

  @Test
  void a_gpu_that_works_again_computes_again() {
    gpuDoes = tokens -> GpuFailures.broken();
    model.embed(texts(1));
    gpuDoes = tokens -> {};

    model.embed(texts(2));
    assertThat(model.engine().device()).isEqualTo("cpu");
    clock.pass(MINUTE);
    model.embed(texts(3));

    assertThat(model.engine().device()).isEqualTo("gpu");
    assertThat(gpus).hasSize(2);
    assertThat(gpus.get(1).batchSizes).containsExactly(1, 3);
    assertThat(cpus.get(0).batchSizes).containsExactly(1, 2);
  }

  @Test
  void a_gpu_that_cannot_be_loaded_again_is_tried_later() {
    gpuDoes = tokens -> GpuFailures.broken();
    model.embed(texts(1));
    gpuLoads = false;
    clock.pass(MINUTE);
    assertThat(model.embed(texts(2))).hasSize(2);

    gpuLoads = true;
    gpuDoes = tokens -> {};
    clock.pass(Duration.ofMinutes(2));
    assertThat(model.embed(texts(2))).hasSize(2);

    assertThat(model.engine().device()).isEqualTo("gpu");
  }

  @Test
  void one_that_fails_again_soon_after_it_was_back_is_waited_for_longer() {
    failAfter(Duration.ZERO);
    clock.pass(MINUTE);
    failAfter(MINUTE);

    clock.pass(MINUTE);
    model.embed(texts(1));
    assertThat(gpus).hasSize(2);
    clock.pass(MINUTE);
    model.embed(texts(1));
    assertThat(gpus).hasSize(3);
  }

  @Test
  void one_that_worked_for_long_is_tried_again_after_a_minute_as_at_first() {
    failAfter(Duration.ZERO);
    clock.pass(MINUTE);
    failAfter(Duration.ofHours(1));

    clock.pass(MINUTE);
    model.embed(texts(1));

    assertThat(gpus).hasSize(3);
    assertThat(model.deviceFailures()).isEqualTo(2);
  }

  @Test
  void a_text_that_only_the_gpu_fails_on_does_not_make_it_be_left() {
    gpuDoes = failsOn(3);

    assertThat(model.embed(texts(8))).hasSize(8);
    assertThat(model.embed(texts(2))).hasSize(2);

    assertThat(model.deviceFailures()).isZero();
    assertThat(model.engine().device()).isEqualTo("gpu");
    assertThat(cpus.get(0).batchSizes).containsExactly(8);
  }

  @Test
  void a_text_that_both_fail_on_is_its_own_failure() {
    gpuDoes = failsOn(3);
    cpuDoes = failsOn(3);

    assertThatThrownBy(() -> model.embed(texts(8)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("cannot do this");
    assertThat(model.deviceFailures()).isZero();
    assertThat(model.engine().device()).isEqualTo("gpu");
  }

  @Test
  void a_gpu_without_memory_for_one_text_leaves_that_text_to_the_cpu() {
    gpuDoes = tokens -> GpuFailures.outOfMemoryAbove(1, tokens);

    assertThat(model.embed(List.of(new long[] {1, 2}))).hasSize(1);
    assertThat(model.embed(texts(4))).hasSize(4);

    assertThat(model.deviceFailures()).isZero();
    assertThat(cpus.get(0).batchSizes).containsExactly(1);
    assertThat(gpus.get(0).batchSizes).containsExactly(1, 1, 1, 1, 1);
  }

  @Test
  void a_native_library_that_breaks_is_a_failing_device() {
    gpuDoes =
        tokens -> {
          throw new UnsatisfiedLinkError("libcudnn.so.9: cannot open shared object file");
        };

    assertThat(model.embed(texts(2))).hasSize(2);
    assertThat(model.deviceFailures()).isEqualTo(1);
  }

  @Test
  void a_cpu_that_cannot_be_loaded_says_so_and_is_tried_again_with_the_next_batch() {
    gpuDoes = tokens -> GpuFailures.broken();
    cpuLoads = false;
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> model.embed(texts(1)))
          .isInstanceOf(EmbeddingException.class)
          .hasMessage("the GPU fails, and the model cannot be loaded for the CPU: no disk");
    }

    cpuLoads = true;

    assertThat(model.embed(texts(1))).hasSize(1);
  }

  @Test
  void closing_closes_both() {
    gpuDoes = tokens -> GpuFailures.broken();
    model.embed(texts(1));
    gpuDoes = tokens -> {};
    clock.pass(MINUTE);
    model.embed(texts(1));

    model.close();

    assertThat(gpus).allMatch(ScriptedModel::isClosed);
    assertThat(cpus).allMatch(ScriptedModel::isClosed);
  }

  /** Works for that long, then fails, and works when it is loaded again. */
  private void failAfter(Duration time) {
    gpuDoes = tokens -> {};
    model.embed(texts(1));
    clock.pass(time);
    gpuDoes = tokens -> GpuFailures.broken();
    model.embed(texts(1));
    gpuDoes = tokens -> {};
  }

  private Consumer<List<long[]>> failsOn(long token) {
    return batch -> {
      if (batch.stream().anyMatch(tokens -> tokens[0] == token)) {
        throw new IllegalArgumentException("cannot do this");
      }
    };
  }

  private ScriptedModel newGpu() {
    ScriptedModel gpu = new ScriptedModel("gpu");
    gpu.before(tokens -> gpuDoes.accept(tokens));
    gpus.add(gpu);
    return gpu;
  }

  private EmbeddingModel loadGpu() throws IOException {
    if (!gpuLoads) {
      throw new IOException("no CUDA-capable device is detected");
    }
    return newGpu();
  }

  private EmbeddingModel loadCpu() throws IOException {
    if (!cpuLoads) {
      throw new IOException("no disk");
    }
    ScriptedModel cpu = new ScriptedModel("cpu");
    cpu.before(tokens -> cpuDoes.accept(tokens));
    cpus.add(cpu);
    return cpu;
  }

  private void probe(EmbeddingModel loaded) {
    loaded.embed(List.of(KNOWN));
  }

  /** One token each: 0, 1, 2, … */
  private static List<long[]> texts(int count) {
    return IntStream.range(0, count).mapToObj(i -> new long[] {i}).toList();
  }

  private static List<float[]> vectors(List<long[]> texts) {
    return texts.stream().map(ScriptedModel::vector).toList();
  }
}
