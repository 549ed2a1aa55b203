package io.vectorstream.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vectorstream.config.Settings;
import io.vectorstream.config.Settings.Device;
import io.vectorstream.config.Settings.Engine;
import io.vectorstream.config.Settings.Precision;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Engines with scripted answers, on a machine with a scripted GPU. */
class DeviceChoiceTest {
  private final Scripted onnx = new Scripted("OnnxRuntime");
  private final Scripted pytorch = new Scripted("PyTorch");

  @Test
  void without_a_gpu_auto_takes_the_first_engine_on_the_cpu_and_says_why() {
    onnx.gpuMissing = "it was built without CUDA";
    pytorch.gpuMissing = "this machine has no NVIDIA driver";

    DeviceChoice.Chosen chosen = choose(Engine.AUTO, Device.AUTO, Precision.FP32);

    assertThat(chosen.model().engine()).isEqualTo(info("OnnxRuntime", "cpu", "fp32"));
    assertThat(chosen.description())
        .isEqualTo(
            "embedding with OnnxRuntime on the cpu in fp32: OnnxRuntime: it was built without CUDA;"
                + " PyTorch: this machine has no NVIDIA driver");
    assertThat(pytorch.loaded).isEmpty();
  }

  @Test
  void a_reason_that_all_engines_share_is_told_once() {
    onnx.gpuMissing = "this machine has no NVIDIA driver";
    pytorch.gpuMissing = "this machine has no NVIDIA driver";

    assertThat(choose(Engine.AUTO, Device.AUTO, Precision.FP32).description())
        .isEqualTo(
            "embedding with OnnxRuntime on the cpu in fp32: this machine has no NVIDIA driver");
  }

  @Test
  void with_a_gpu_auto_takes_the_first_engine_that_can_use_it() {
    DeviceChoice.Chosen chosen = choose(Engine.AUTO, Device.AUTO, Precision.FP32);
    assertThat(chosen.model().engine()).isEqualTo(info("OnnxRuntime", "gpu", "fp32"));
    assertThat(chosen.description()).isEqualTo("embedding with OnnxRuntime on the gpu in fp32");

    onnx.gpuMissing = "it was built without CUDA";
    DeviceChoice.Chosen other = choose(Engine.AUTO, Device.AUTO, Precision.FP32);
    assertThat(other.model().engine()).isEqualTo(info("PyTorch", "gpu", "fp32"));
    assertThat(other.description())
        .isEqualTo(
            "embedding with PyTorch on the gpu in fp32: OnnxRuntime: it was built without CUDA");
  }

  @Test
  void a_gpu_that_fails_on_a_known_word_is_not_taken() {
    onnx.gpuFails = true;
    pytorch.gpuMissing = "it is here without CUDA";

    DeviceChoice.Chosen chosen = choose(Engine.AUTO, Device.AUTO, Precision.FP32);

    assertThat(chosen.model().engine().device()).isEqualTo("cpu");
    assertThat(chosen.description())
        .contains("OnnxRuntime: CUDA error: unspecified launch failure");
    assertThat(onnx.models.get(0).isClosed()).isTrue();
  }

  @Test
  void cpu_does_not_even_look_for_a_gpu() {
    DeviceChoice.Chosen chosen = choose(Engine.AUTO, Device.CPU, Precision.FP32);

    assertThat(chosen.description())
        .isEqualTo("embedding with OnnxRuntime on the cpu in fp32: embedding.device is cpu");
    assertThat(onnx.loaded).containsExactly("cpu fp32");
  }

  @Test
  void gpu_refuses_to_start_without_one() {
    onnx.gpuMissing = "it was built without CUDA (mvn -Pgpu)";
    pytorch.gpuMissing = "this machine has no NVIDIA driver";

    assertThatThrownBy(() -> choose(Engine.AUTO, Device.GPU, Precision.FP32))
        .isInstanceOf(EmbeddingException.class)
        .hasMessage(
            "embedding.device is gpu, but no GPU can be used: OnnxRuntime: it was built without"
                + " CUDA (mvn -Pgpu); PyTorch: this machine has no NVIDIA driver; mend that, or set"
                + " embedding.device: auto");
    assertThat(onnx.loaded).isEmpty();
  }

  @Test
  void a_gpu_that_was_required_falls_back_too_once_it_has_started() {
    EmbeddingModel model = choose(Engine.ONNXRUNTIME, Device.GPU, Precision.FP32).model();
    onnx.models.get(0).before(tokens -> GpuFailures.broken());

    assertThat(model.embed(List.of(new long[] {1}, new long[] {2}))).hasSize(2);
    assertThat(model.engine().device()).isEqualTo("cpu");
    assertThat(model.deviceFailures()).isEqualTo(1);
  }

  @Test
  void a_named_engine_is_the_only_one_asked() {
    onnx.gpuMissing = "not asked";

    DeviceChoice.Chosen chosen = choose(Engine.PYTORCH, Device.AUTO, Precision.FP32);

    assertThat(chosen.model().engine()).isEqualTo(info("PyTorch", "gpu", "fp32"));
    assertThat(onnx.loaded).isEmpty();
  }

  @Test
  void fp16_on_a_gpu_takes_the_engine_that_can() {
    onnx.precisions.remove(Precision.FP16);

    DeviceChoice.Chosen chosen = choose(Engine.AUTO, Device.AUTO, Precision.FP16);

    assertThat(chosen.model().engine()).isEqualTo(info("PyTorch", "gpu", "fp16"));
  }

  @Test
  void fp16_is_fp32_on_a_gpu_where_no_engine_can_and_the_line_says_so() {
    onnx.precisions.remove(Precision.FP16);

    DeviceChoice.Chosen chosen = choose(Engine.ONNXRUNTIME, Device.AUTO, Precision.FP16);

    assertThat(chosen.model().engine()).isEqualTo(info("OnnxRuntime", "gpu", "fp32"));
    assertThat(chosen.description())
        .isEqualTo(
            "embedding with OnnxRuntime on the gpu in fp32 instead of fp16: OnnxRuntime: it has no"
                + " fp16");
  }

  @Test
  void fp16_is_fp32_on_a_cpu_and_the_line_says_so() {
    DeviceChoice.Chosen chosen = choose(Engine.AUTO, Device.CPU, Precision.FP16);

    assertThat(chosen.model().engine()).isEqualTo(info("OnnxRuntime", "cpu", "fp32"));
    assertThat(chosen.description())
        .isEqualTo(
            "embedding with OnnxRuntime on the cpu in fp32 instead of fp16: embedding.device is"
                + " cpu");
  }

  @Test
  void int8_stays_on_the_cpu_even_where_there_is_a_gpu() {
    pytorch.precisions.remove(Precision.INT8);

    DeviceChoice.Chosen chosen = choose(Engine.AUTO, Device.AUTO, Precision.INT8);

    assertThat(chosen.model().engine()).isEqualTo(info("OnnxRuntime", "cpu", "int8"));
    assertThat(chosen.description())
        .isEqualTo("embedding with OnnxRuntime on the cpu in int8: int8 is for the cpu");
  }

  @Test
  void bf16_takes_the_engine_that_can_on_the_cpu_even_where_there_is_a_gpu() {
    onnx.precisions.remove(Precision.BF16);

    DeviceChoice.Chosen chosen = choose(Engine.AUTO, Device.AUTO, Precision.BF16);

    assertThat(chosen.model().engine()).isEqualTo(info("PyTorch", "cpu", "bf16"));
    assertThat(chosen.description())
        .isEqualTo(
            "embedding with PyTorch on the cpu in bf16: bf16 is for the cpu; OnnxRuntime: it has no"
                + " bf16");
  }

  @Test
  void bf16_is_fp32_where_no_engine_can_and_the_line_says_so() {
    onnx.precisions.remove(Precision.BF16);
    pytorch.precisions.remove(Precision.BF16);

    DeviceChoice.Chosen chosen = choose(Engine.AUTO, Device.CPU, Precision.BF16);

    assertThat(chosen.model().engine()).isEqualTo(info("OnnxRuntime", "cpu", "fp32"));
    assertThat(chosen.description())
        .isEqualTo(
            "embedding with OnnxRuntime on the cpu in fp32 instead of bf16: embedding.device is cpu;"
                + " it has no bf16");
  }

  @Test
  void bf16_is_fp32_where_the_model_does_not_load_in_it_and_the_line_says_so() {
    onnx.precisions.remove(Precision.BF16);
    pytorch.loads = false;

    DeviceChoice.Chosen chosen = choose(Engine.AUTO, Device.CPU, Precision.BF16);

    assertThat(chosen.model().engine()).isEqualTo(info("OnnxRuntime", "cpu", "fp32"));
    assertThat(chosen.description())
        .isEqualTo(
            "embedding with OnnxRuntime on the cpu in fp32 instead of bf16: embedding.device is cpu;"
                + " OnnxRuntime: it has no bf16; PyTorch: no disk");
  }

  @Test
  void auto_takes_bf16_on_the_cpu_where_an_engine_can() {
    onnx.precisions.remove(Precision.BF16);

    DeviceChoice.Chosen chosen = choose(Engine.AUTO, Device.CPU, Precision.AUTO);

    assertThat(chosen.model().engine()).isEqualTo(info("PyTorch", "cpu", "bf16"));
    assertThat(chosen.description())
        .isEqualTo(
            "embedding with PyTorch on the cpu in bf16: embedding.device is cpu; OnnxRuntime: it"
                + " has no bf16");
  }

  @Test
  void auto_is_fp32_where_the_model_is_not_the_same_in_bf16_and_the_line_says_why() {
    onnx.precisions.remove(Precision.BF16);
    pytorch.loads = false;

    DeviceChoice.Chosen chosen = choose(Engine.AUTO, Device.CPU, Precision.AUTO);

    assertThat(chosen.model().engine()).isEqualTo(info("OnnxRuntime", "cpu", "fp32"));
    assertThat(chosen.description())
        .isEqualTo(
            "embedding with OnnxRuntime on the cpu in fp32: embedding.device is cpu; OnnxRuntime:"
                + " it has no bf16; PyTorch: no disk");
  }

  @Test
  void auto_is_fp32_for_the_engine_without_bf16() {
    onnx.precisions.remove(Precision.BF16);

    assertThat(choose(Engine.ONNXRUNTIME, Device.CPU, Precision.AUTO).model().engine())
        .isEqualTo(info("OnnxRuntime", "cpu", "fp32"));
    assertThat(pytorch.loaded).isEmpty();
  }

  @Test
  void auto_is_fp32_on_a_gpu_and_bf16_on_the_cpu_that_replaces_it() {
    onnx.precisions.remove(Precision.BF16);

    EmbeddingModel model = choose(Engine.AUTO, Device.AUTO, Precision.AUTO).model();
    assertThat(model.engine()).isEqualTo(info("OnnxRuntime", "gpu", "fp32"));
    onnx.models.get(0).before(tokens -> GpuFailures.broken());

    assertThat(model.embed(List.of(new long[] {1}, new long[] {2}))).hasSize(2);
    assertThat(model.engine()).isEqualTo(info("PyTorch", "cpu", "bf16"));
  }

  @Test
  void a_model_that_no_allowed_engine_can_run_is_refused_with_each_reason() {
    onnx.precisions.clear();

    assertThatThrownBy(() -> choose(Engine.ONNXRUNTIME, Device.CPU, Precision.FP32))
        .isInstanceOf(EmbeddingException.class)
        .hasMessage(
            "no engine can run the model all-MiniLM-L6-v2 as the settings ask (embedding.engine,"
                + " embedding.precision): OnnxRuntime: it has no fp32");
  }

  @Test
  void auto_goes_on_to_the_engine_that_can_run_the_model() {
    onnx.precisions.clear();
    pytorch.gpuMissing = "none";

    assertThat(choose(Engine.AUTO, Device.AUTO, Precision.FP32).model().engine())
        .isEqualTo(info("PyTorch", "cpu", "fp32"));
  }

  @Test
  void a_model_that_does_not_load_on_the_cpu_says_why() {
    onnx.loads = false;

    assertThatThrownBy(() -> choose(Engine.AUTO, Device.CPU, Precision.FP32))
        .isInstanceOf(EmbeddingException.class)
        .hasMessage("cannot load the embedding model all-MiniLM-L6-v2 with OnnxRuntime: no disk");
  }

  private DeviceChoice.Chosen choose(Engine engine, Device device, Precision precision) {
    Settings.Embedding settings =
        new Settings.Embedding(
            "bundled",
            "",
            engine,
            device,
            precision,
            Settings.SearchPrecision.SAME,
            16,
            256,
            2,
            10,
            Settings.Embedding.AUTO,
            Settings.Embedding.AUTO,
            Settings.Embedding.AUTO,
            0,
            EmbeddingTestParts.NO_SERVER);
    return DeviceChoice.choose(
        settings,
        new BundledModel(),
        List.of(onnx, pytorch),
        model -> model.embed(List.of(new long[] {7})));
  }

  private static EngineInfo info(String engine, String device, String precision) {
    return new EngineInfo(engine, device, precision, "scripted");
  }

  private static final class Scripted implements InferenceEngine {
    private final String name;
    private final Set<Precision> precisions = EnumSet.allOf(Precision.class);
    private final List<String> loaded = new ArrayList<>();
    private final List<ScriptedModel> models = new ArrayList<>();
    private String gpuMissing;
    private boolean gpuFails;
    private boolean loads = true;

    private Scripted(String name) {
      this.name = name;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public Optional<String> unfit(ModelSource source, ModelPlacement target) {
      return precisions.contains(target.precision())
          ? Optional.empty()
          : Optional.of("it has no " + target.precisionName());
    }

    @Override
    public Optional<String> gpuMissing(ModelPlacement target) {
      return Optional.ofNullable(gpuMissing);
    }

    @Override
    public EmbeddingModel load(ModelSource source, ModelPlacement target) throws IOException {
      if (!loads) {
        throw new IOException("no disk");
      }
      loaded.add(target.device() + " " + target.precisionName());
      ScriptedModel model = new ScriptedModel(target.info(name, "scripted"));
      if (target.gpu() && gpuFails) {
        model.before(tokens -> GpuFailures.broken());
      }
      models.add(model);
      return model;
    }
  }
}
