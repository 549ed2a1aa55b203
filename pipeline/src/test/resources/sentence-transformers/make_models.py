"""Makes the tiny models of SentenceTransformersTest, and the vectors that Sentence Transformers computes with them.

It was run with Python 3.11, torch 2.15.0, transformers 5.24.0, sentence-transformers 6.2.0 and onnx 1.23.2:

    pip install sentence-transformers onnx
    python make_models.py

The weights are random, with a seed; the order of the vocabularies differs from run to run. `bert/`, `roberta/` and `table/` hold
weights and tokenizers, and `weights/` those of `bert/` as the library Transformers saves them; each folder in `models/` holds what makes a model of one of them (its `base` says which), and
`expected.json` the vectors.
"""

import json
import os
import shutil
import tempfile
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from sentence_transformers import SentenceTransformer
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast, XLMRobertaConfig, XLMRobertaModel

HERE = Path(__file__).parent
TEXTS = [
    "Red running shoes",
    "RED RUNNING SHOES",
    "Stainless steel espresso machine with milk frother. Kitchen",
    "Edelstahl-Wasserkocher, 1,7 Liter. Küche",
    "x",
    "Waterproof hiking boots for women, with a wide fit, grey and green, for long days in the mountains; "
    "the sole grips on wet rock and in deep mud. Shoes and boots. " * 2,
]
QUERIES = ["boots for hiking", "Wasserkocher"]
VOCABULARY = 400
# The start of the program tries ids up to 1,000.
ROWS = 1000
HIDDEN = 16


def bert_tokenizer():
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=False)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    trainer = trainers.WordPieceTrainer(
        vocab_size=VOCABULARY, special_tokens=["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"])
    tokenizer.train_from_iterator(TEXTS + QUERIES + [text.lower() for text in TEXTS], trainer)
    cls, sep = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", cls), ("[SEP]", sep)])
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, model_max_length=48, pad_token="[PAD]", unk_token="[UNK]", cls_token="[CLS]",
        sep_token="[SEP]", mask_token="[MASK]")


def roberta_tokenizer():
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    trainer = trainers.UnigramTrainer(
        vocab_size=VOCABULARY, special_tokens=["<s>", "<pad>", "</s>", "<unk>"], unk_token="<unk>")
    tokenizer.train_from_iterator(TEXTS + QUERIES, trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)])
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="<pad>", unk_token="<unk>", cls_token="<s>", sep_token="</s>",
        bos_token="<s>", eos_token="</s>")


class Graph:
    """A BERT-like encoder in ONNX's own operations, written by hand from PyTorch's weights."""

    def __init__(self, network, roberta):
        self.weights = {name: value.detach().numpy() for name, value in network.state_dict().items()}
        self.nodes, self.initializers, self.config, self.roberta = [], [], network.config, roberta

    def tensor(self, array, name=None):
        name = name or f"constant_{len(self.initializers)}"
        self.initializers.append(numpy_helper.from_array(np.asarray(array, order="C"), name))
        return name

    def weight(self, name):
        if all(tensor.name != name for tensor in self.initializers):
            self.tensor(self.weights[name], name)
        return name

    def op(self, kind, *inputs, **attributes):
        output = f"{kind}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [output], **attributes))
        return output

    def linear(self, x, name):
        matrix = self.tensor(self.weights[name + ".weight"].T)
        return self.op("Add", self.weight(name + ".bias"), self.op("MatMul", x, matrix))

    def norm(self, x, name):
        return self.op(
            "LayerNormalization", x, self.weight(name + ".weight"), self.weight(name + ".bias"), axis=-1,
            epsilon=self.config.layer_norm_eps)

    def heads(self, x, name):
        size = HIDDEN // self.config.num_attention_heads
        shape = self.tensor(np.array([0, 0, self.config.num_attention_heads, size], dtype=np.int64))
        return self.op("Transpose", self.op("Reshape", self.linear(x, name), shape), perm=[0, 2, 1, 3])

    def positions(self, tokens):
        if self.roberta:
            own = self.op("Cast", self.op("Not", self.op(
                "Equal", "input_ids", self.tensor(np.array(1, dtype=np.int64)))), to=TensorProto.INT64)
            counted = self.op("CumSum", own, self.tensor(np.array(1, dtype=np.int64)))
            return self.op("Add", self.op("Mul", counted, own), self.tensor(np.array(1, dtype=np.int64)))
        return self.op("Range", self.tensor(np.array(0, dtype=np.int64)), tokens, self.tensor(np.array(1, dtype=np.int64)))

    def write(self, file):
        tokens = self.op("Gather", self.op("Shape", "input_ids"), self.tensor(np.array(1, dtype=np.int64)), axis=0)
        first_type = self.op(
            "Gather", self.weight("embeddings.token_type_embeddings.weight"), self.tensor(np.array(0, dtype=np.int64)))
        x = self.op("Add", self.op("Gather", self.weight("embeddings.word_embeddings.weight"), "input_ids"), first_type)
        x = self.op("Add", x, self.op(
            "Gather", self.weight("embeddings.position_embeddings.weight"), self.positions(tokens)))
        x = self.norm(x, "embeddings.LayerNorm")
        mask = self.op("Unsqueeze", self.op("Cast", "attention_mask", to=TensorProto.FLOAT),
                       self.tensor(np.array([1, 2], dtype=np.int64)))
        away = self.op("Mul", self.op("Sub", mask, self.tensor(np.array(1, dtype=np.float32))),
                       self.tensor(np.array(10000, dtype=np.float32)))
        for layer in range(self.config.num_hidden_layers):
            name = f"encoder.layer.{layer}."
            query, key, value = (self.heads(x, name + "attention.self." + part) for part in ("query", "key", "value"))
            scale = self.tensor(np.array((HIDDEN // self.config.num_attention_heads) ** -0.5, dtype=np.float32))
            scores = self.op("Mul", self.op("MatMul", query, self.op("Transpose", key, perm=[0, 1, 3, 2])), scale)
            context = self.op("MatMul", self.op("Softmax", self.op("Add", scores, away), axis=-1), value)
            context = self.op("Reshape", self.op("Transpose", context, perm=[0, 2, 1, 3]),
                              self.tensor(np.array([0, 0, HIDDEN], dtype=np.int64)))
            x = self.norm(self.op("Add", self.linear(context, name + "attention.output.dense"), x),
                          name + "attention.output.LayerNorm")
            inner = self.linear(x, name + "intermediate.dense")
            erf = self.op("Add", self.op("Erf", self.op("Mul", inner, self.tensor(np.array(0.5 ** 0.5, dtype=np.float32)))),
                          self.tensor(np.array(1, dtype=np.float32)))
            inner = self.op("Mul", self.op("Mul", inner, erf), self.tensor(np.array(0.5, dtype=np.float32)))
            x = self.norm(self.op("Add", self.linear(inner, name + "output.dense"), x), name + "output.LayerNorm")
        self.nodes.append(helper.make_node("Identity", [x], ["last_hidden_state"]))
        ids = [helper.make_tensor_value_info(name, TensorProto.INT64, ["texts", "tokens"])
               for name in ("input_ids", "attention_mask")]
        vectors = helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, ["texts", "tokens", HIDDEN])
        graph = helper.make_graph(self.nodes, "encoder", ids, [vectors], self.initializers)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
        model.ir_version = 8
        onnx.checker.check_model(model)
        onnx.save(model, file)


def write_base(name, network, tokenizer, target):
    """Writes what a repository of the library Transformers has, to `target`, and what the test needs here."""
    network.eval().save_pretrained(target)
    tokenizer.save_pretrained(target)
    base = HERE / name
    shutil.rmtree(base, ignore_errors=True)
    base.mkdir()
    Graph(network, name == "roberta").write(base / "model.onnx")
    if name == "bert":
        (HERE / "weights").mkdir(exist_ok=True)
        shutil.copy(target / "model.safetensors", HERE / "weights" / "model.safetensors")
    for file in ("tokenizer.json", "tokenizer_config.json", "config.json"):
        shutil.copy(target / file, base / file)


def spread(network):
    """Gives weights a size at which vectors of different texts differ, and the order of tokens matters."""
    with torch.no_grad():
        for name, parameter in network.named_parameters():
            if "LayerNorm" not in name:
                parameter.normal_(0, 0.3)


def dense(folder, inputs, outputs, activation, bias=True, **more):
    from safetensors.torch import save_file
    folder.mkdir(parents=True)
    weights = {"linear.weight": torch.randn(outputs, inputs) / inputs ** 0.5}
    if bias:
        weights["linear.bias"] = torch.randn(outputs) / 2
    if more.get("use_residual") and inputs != outputs:
        weights["residual.weight"] = torch.randn(outputs, inputs) / inputs ** 0.5
    save_file(weights, folder / "model.safetensors")
    (folder / "config.json").write_text(json.dumps({
        "in_features": inputs, "out_features": outputs, "bias": bias,
        "activation_function": "torch.nn.modules." + activation, **more}))


def layer_norm(folder, size):
    from safetensors.torch import save_file
    folder.mkdir(parents=True)
    save_file({"norm.weight": torch.rand(size) + 0.5, "norm.bias": torch.randn(size) / 2}, folder / "model.safetensors")
    (folder / "config.json").write_text(json.dumps({"dimension": size}))


OLD = "sentence_transformers.models."
NEW = {
    "Transformer": "sentence_transformers.base.modules.transformer.Transformer",
    "Pooling": "sentence_transformers.sentence_transformer.modules.pooling.Pooling",
    "Dense": "sentence_transformers.base.modules.dense.Dense",
    "Normalize": "sentence_transformers.base.modules.normalize.Normalize",
    "LayerNorm": "sentence_transformers.sentence_transformer.modules.layer_norm.LayerNorm",
    "StaticEmbedding": "sentence_transformers.sentence_transformer.modules.static_embedding.StaticEmbedding",
}


def modules(folder, names, new=False):
    listed = [{"idx": i, "name": str(i), "path": "" if i == 0 else f"{i}_{name}",
               "type": NEW[name] if new else OLD + name} for i, name in enumerate(names)]
    (folder / "modules.json").write_text(json.dumps(listed, indent=1))


def pooling(folder, old=None, new=None):
    place = folder / "1_Pooling"
    place.mkdir()
    if new:
        config = {"embedding_dimension": HIDDEN, "pooling_mode": new, "include_prompt": True}
    else:
        config = {"word_embedding_dimension": HIDDEN, **{
            flag: flag in old for flag in (
                "pooling_mode_cls_token", "pooling_mode_mean_tokens", "pooling_mode_max_tokens",
                "pooling_mode_mean_sqrt_len_tokens", "pooling_mode_weightedmean_tokens", "pooling_mode_lasttoken")}}
    (place / "config.json").write_text(json.dumps(config))


def whole(folder, **config):
    (folder / "config_sentence_transformers.json").write_text(json.dumps(config))


def transformer(folder, **config):
    (folder / "sentence_bert_config.json").write_text(json.dumps(config))


def make(name, folder):
    """Writes the files of a model that its base has not."""
    if name == "mean-old":
        modules(folder, ["Transformer", "Pooling"])
        pooling(folder, old=["pooling_mode_mean_tokens"])
        transformer(folder, max_seq_length=40, do_lower_case=False)
    elif name == "cls-old":
        modules(folder, ["Transformer", "Pooling", "Normalize"])
        pooling(folder, old=["pooling_mode_cls_token"])
    elif name.startswith("new-"):
        modules(folder, ["Transformer", "Pooling"], new=True)
        pooling(folder, new=name.removeprefix("new-"))
    elif name == "three-and-dense":
        modules(folder, ["Transformer", "Pooling", "Dense", "Normalize"])
        pooling(folder, old=["pooling_mode_cls_token", "pooling_mode_max_tokens", "pooling_mode_mean_tokens"])
        dense(folder / "2_Dense", 3 * HIDDEN, 12, "activation.Tanh")
    elif name == "two-new-and-norm":
        modules(folder, ["Transformer", "Pooling", "Normalize", "Dense", "LayerNorm"], new=True)
        pooling(folder, new=["lasttoken", "mean"])
        dense(folder / "3_Dense", 2 * HIDDEN, 20, "linear.Identity", bias=False, use_residual=True)
        layer_norm(folder / "4_LayerNorm", 20)
    elif name == "sqrt-and-relu":
        modules(folder, ["Transformer", "Pooling", "Dense"])
        pooling(folder, old=["pooling_mode_mean_sqrt_len_tokens"])
        dense(folder / "2_Dense", HIDDEN, HIDDEN, "activation.ReLU", use_residual=True)
    elif name == "prompts":
        modules(folder, ["Transformer", "Pooling"])
        pooling(folder, old=["pooling_mode_mean_tokens"])
        whole(folder, prompts={"query": "query: ", "passage": "passage: "}, default_prompt_name=None)
    elif name == "default-prompt":
        modules(folder, ["Transformer", "Pooling"])
        pooling(folder, old=["pooling_mode_mean_tokens"])
        whole(folder, prompts={"query": "find: ", "other": "text: "}, default_prompt_name="other")
    elif name == "short-and-lower":
        modules(folder, ["Transformer", "Pooling"])
        pooling(folder, old=["pooling_mode_weightedmean_tokens"])
        transformer(folder, max_seq_length=9, do_lower_case=True)
    elif name == "matryoshka":
        modules(folder, ["Transformer", "Pooling", "Normalize"], new=True)
        pooling(folder, new="mean")
        whole(folder, model_type="SentenceTransformer", truncate_dim=6, prompts={"query": "", "document": ""})
    elif name == "xlm-roberta":
        modules(folder, ["Transformer", "Pooling", "Normalize"])
        pooling(folder, old=["pooling_mode_mean_tokens"])
        whole(folder, prompts={"query": "query: ", "document": "passage: "})
    elif name == "table":
        modules(folder, ["StaticEmbedding", "Normalize"])
    elif name == "table-and-dense":
        modules(folder, ["StaticEmbedding", "Dense"], new=True)
        dense(folder / "1_Dense", HIDDEN, 10, "activation.Sigmoid")
        whole(folder, prompts={"query": "query: "})


def encode(model, texts, prompts):
    """Embeds with the first of these prompts that says something, or else as the model does without a choice.

    The library's encode_document looks for the same names, but finds its own empty "document" before "passage".
    """
    prompt = next((name for name in prompts if model.prompts.get(name)), None)
    return model.encode(texts, prompt_name=prompt, normalize_embeddings=True).tolist()


NAMES = ["mean-old", "cls-old", "new-cls", "new-lasttoken", "new-max", "new-weightedmean", "three-and-dense",
         "two-new-and-norm", "sqrt-and-relu", "prompts", "default-prompt", "short-and-lower", "matryoshka", "xlm-roberta",
         "table", "table-and-dense"]


def main():
    torch.manual_seed(19)
    np.random.seed(19)
    os.environ["HF_HUB_OFFLINE"] = "1"
    temporary = Path(tempfile.mkdtemp())
    shutil.rmtree(HERE / "models", ignore_errors=True)
    sizes = dict(hidden_size=HIDDEN, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32)

    bert = BertModel(BertConfig(vocab_size=ROWS, max_position_embeddings=64, **sizes), add_pooling_layer=False)
    spread(bert)
    write_base("bert", bert, bert_tokenizer(), temporary / "bert")
    roberta = XLMRobertaModel(
        XLMRobertaConfig(vocab_size=VOCABULARY, max_position_embeddings=34, type_vocab_size=1, pad_token_id=1, **sizes),
        add_pooling_layer=False)
    spread(roberta)
    tokenizer = roberta_tokenizer()
    tokenizer.model_max_length = 32
    write_base("roberta", roberta, tokenizer, temporary / "roberta")

    from safetensors.torch import save_file
    (temporary / "table").mkdir()
    save_file({"embedding.weight": torch.randn(VOCABULARY, HIDDEN)}, temporary / "table" / "model.safetensors")
    shutil.copy(temporary / "bert" / "tokenizer.json", temporary / "table" / "tokenizer.json")
    shutil.rmtree(HERE / "table", ignore_errors=True)
    shutil.copytree(temporary / "table", HERE / "table")

    expected = {}
    for name in NAMES:
        base = "table" if name.startswith("table") else "roberta" if name == "xlm-roberta" else "bert"
        own = HERE / "models" / name
        own.mkdir(parents=True)
        make(name, own)
        complete = temporary / "models" / name
        shutil.copytree(temporary / base, complete)
        shutil.copytree(own, complete, dirs_exist_ok=True)
        model = SentenceTransformer(str(complete), device="cpu")
        expected[name] = {
            "base": base,
            "documents": encode(model, TEXTS, ["document", "passage", "corpus"]),
            "queries": encode(model, QUERIES, ["query"]),
        }
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(vectors)}" for name, vectors in expected.items())
    (HERE / "expected.json").write_text(
        f'{{"texts": {json.dumps(TEXTS)},\n"searches": {json.dumps(QUERIES)},\n"models": {{\n{lines}\n}}}}\n')
    shutil.rmtree(temporary)


if __name__ == "__main__":
    main()
