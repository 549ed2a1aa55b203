package io.vectorstream.embedding;

import java.io.Serializable;

/**
 * The engine that computes the embeddings, as the run summary names it.
 *
 * @param engine {@code OnnxRuntime} or {@code PyTorch}
 * @param device {@code cpu} or {@code gpu}
 * @param precision {@code fp32}, {@code fp16}, {@code bf16} or {@code int8}
 * @param model the model's name, such as {@code all-MiniLM-L6-v2}
 */
public record EngineInfo(String engine, String device, String precision, String model)
    implements Serializable {}
