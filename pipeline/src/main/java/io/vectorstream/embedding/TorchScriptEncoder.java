package io.vectorstream.embedding;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.training.ParameterStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * A model in TorchScript, whose forward takes {@code input_ids}, {@code attention_mask} and perhaps
 * {@code token_type_ids}, in this order.
 */
final class TorchScriptEncoder implements PyTorchModel.Encoder {
  private final String name;
  private final Model model;
  private final ParameterStore parameters;

  /** The number of arguments of forward: the model does not tell it, so it is tried. */
  private int inputs;

  private TorchScriptEncoder(String name, Model model) {
    this.name = name;
    this.model = model;
    this.parameters = new ParameterStore(model.getNDManager(), false);
  }

  static TorchScriptEncoder load(Path file, String name, Device device)
      throws IOException, MalformedModelException {
    Model model = Model.newInstance(name, device, PyTorchModel.ENGINE);
    try {
      model.load(file, null, Map.of("mapLocation", "true"));
      return new TorchScriptEncoder(name, model);
    } catch (IOException | MalformedModelException | RuntimeException e) {
      model.close();
      throw e;
    }
  }

  @Override
  public NDArray encode(NDArray ids, NDArray mask) {
    NDList given = new NDList(ids, mask == null ? ids.onesLike() : mask, ids.zerosLike());
    NDList outputs = inputs == 0 ? tryInputs(given) : forward(given, inputs);
    return ModelShape.hidden(name, outputs, ids.getShape());
  }

  private NDList tryInputs(NDList given) {
    EngineException refused = null;
    for (int count = given.size(); count > 0; count--) {
      try {
        NDList outputs = forward(given, count);
        inputs = count;
        return outputs;
      } catch (EngineException e) {
        refused = refused == null ? e : refused;
      }
    }
    throw refused;
  }

  private NDList forward(NDList given, int count) {
    return model.getBlock().forward(parameters, given.subNDList(0, count), false);
  }

  @Override
  public void close() {
    model.close();
  }
}
