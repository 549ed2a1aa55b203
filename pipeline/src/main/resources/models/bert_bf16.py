# The encoder of BERT in bf16, in TorchScript as an archive holds it. Products with weights are in bf16, and so is GELU, which
# stands between two of them. Attention, sums and normalisation are in fp32: exacter, and no slower.
#
# The weights: words, positions, weight and bias of the first normalisation; then 12 for each layer, in the order of their use.
class BertInBf16(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  def bf16(self: __torch__.BertInBf16, x: Tensor) -> Tensor:
    return torch.to(x, 15, False, False)
  def encode(self: __torch__.BertInBf16, ids: Tensor, mask: Tensor, padded: bool, weights: List[Tensor], layers: int, heads: int, epsilon: float) -> Tensor:
    texts = torch.size(ids, 0)
    tokens = torch.size(ids, 1)
    hidden = torch.size(weights[0], 1)
    away: Optional[Tensor] = None
    if padded:
      away = torch.reshape(torch.to(torch.mul(torch.sub(mask, 1), 10000), 6, False, False), [texts, 1, 1, tokens])
    x = torch.add(torch.embedding(weights[0], ids), torch.slice(weights[1], 0, 0, tokens, 1))
    x = torch.layer_norm(x, [hidden], weights[2], weights[3], epsilon, True)
    for layer in range(layers):
      at = 4 + layer * 12
      parts = torch.linear(torch.to(x, 15, False, False), weights[at], weights[at + 1])
      parts = torch.permute(torch.reshape(torch.to(parts, 6, False, False), [texts, tokens, 3, heads, -1]), [2, 0, 3, 1, 4])
      context = torch.scaled_dot_product_attention(torch.select(parts, 0, 0), torch.select(parts, 0, 1), torch.select(parts, 0, 2), away, 0., False)
      context = torch.reshape(torch.permute(context, [0, 2, 1, 3]), [texts, tokens, hidden])
      x = torch.add(x, torch.linear(torch.to(context, 15, False, False), weights[at + 2], weights[at + 3]))
      x = torch.layer_norm(x, [hidden], weights[at + 4], weights[at + 5], epsilon, True)
      inner = torch.gelu(torch.linear(torch.to(x, 15, False, False), weights[at + 6], weights[at + 7]))
      x = torch.add(x, torch.linear(inner, weights[at + 8], weights[at + 9]))
      x = torch.layer_norm(x, [hidden], weights[at + 10], weights[at + 11], epsilon, True)
    return x
