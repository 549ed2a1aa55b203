package io.vectorstream.embedding;

import java.io.Serializable;

/**
 * What computes the embeddings, as the run summary names it.
 *
 * @param engine {@code OnnxRuntime}
 * @param device {@code cpu}
 * @param precision {@code fp32}
 * @param model the model's name, {@code all-MiniLM-L6-v2}
 */
public record EngineInfo(String engine, String device, String precision, String model)
    implements Serializable {}
