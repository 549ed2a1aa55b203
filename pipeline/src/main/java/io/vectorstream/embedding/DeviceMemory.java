package io.vectorstream.embedding;

import com.google.common.base.Throwables;
import java.util.List;
import java.util.Locale;

/** The distinction between a device that has run out of memory and one that has failed. */
final class DeviceMemory {

  /** Parts of the messages of CUDA, its libraries, ONNX Runtime and PyTorch, in lower case. */
  private static final List<String> SIGNS =
      List.of(
          "out of memory",
          "failed to allocate memory",
          "is smaller than requested bytes",
          "cublas_status_alloc_failed",
          "cudnn_status_alloc_failed",
          "cuda error: memory allocation",
          "cudaerrormemoryallocation");

  private DeviceMemory() {}

  static boolean isExhausted(Throwable failure) {
    return Throwables.getCausalChain(failure).stream()
        .map(Throwable::getMessage)
        .filter(message -> message != null)
        .map(message -> message.toLowerCase(Locale.ROOT))
        .anyMatch(message -> SIGNS.stream().anyMatch(message::contains));
  }
}
