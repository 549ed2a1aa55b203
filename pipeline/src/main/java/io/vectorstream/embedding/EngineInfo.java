package io.vectorstream.embedding;

import java.io.Serializable;

/**
 * The engine that computes the embeddings, as the run summary names it.
 *
 * @param engine {@code OnnxRuntime}, {@code PyTorch}, {@code TokenTable} or {@code Remote}
 * @param device {@code cpu}, {@code gpu} or {@code server}
 * @param precision {@code fp32}, {@code fp16}, {@code bf16}, {@code int8} or {@code as served}
 * @param model the model's name, such as {@code all-MiniLM-L6-v2}
 */
public record EngineInfo(String engine, String device, String precision, String model)
    implements Serializable {}
