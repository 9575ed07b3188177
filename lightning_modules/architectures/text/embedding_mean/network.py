"""The mean of embeddings."""

from collections.abc import Mapping

from torch import Tensor, nn

from lightning_modules.architectures.encoded import Encoded
from lightning_modules.architectures.inputs import TextInputs
from lightning_modules.architectures.text.embedding_mean.card import Options
from lightning_modules.architectures.text.tokens import TokenVectors, dense, mean


class EmbeddingMean(nn.Module):
    """The mean of a row's token vectors, (dropout,) and a dense layer with ReLU.

    Shape:
        tokens (B, T); vector (B, dense), or (B, embedding) without a dense layer; sequence (B, T, embedding).

    Source:
        Joulin et al. (2016), arXiv:1607.01759. Deviations: no n-grams of words, and a hidden layer.
    """

    def __init__(self, options: Options, inputs: TextInputs) -> None:
        super().__init__()
        self.vectors = TokenVectors(inputs.num_tokens, options.embedding)
        self.dense, self.out_features = dense(options.embedding, options.dense, options.dropout)

    def forward(self, inputs: Mapping[str, Tensor]) -> Encoded:
        """Token vectors, their mean, and what the dense layer makes of it."""
        sequence, mask = self.vectors(inputs["tokens"])
        return Encoded(self.dense(mean(sequence, mask)), sequence, mask)


def build(options: Options, inputs: TextInputs) -> EmbeddingMean:
    """The network for these inputs."""
    return EmbeddingMean(options, inputs)
