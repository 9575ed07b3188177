import pytest
import torch

from leyden.catalogue import ArchitectureCard
from leyden.spec.model import Choice
from lightning_modules.architectures.build import build_encoder
from lightning_modules.architectures.inputs import TextInputs
from lightning_modules.catalog import catalogue
from tests.lightning_modules.architectures.cases import batch, case_id

INPUTS = TextInputs(num_tokens=50, max_length=12)
VARIANTS = [
    *((card, {}) for card in catalogue().architectures["text"].values()),
    *(
        (catalogue().architectures["text"]["lstm"], options)
        for options in (
            {"cell": "gru", "layers": 2, "pooling": "last"},
            {"both_ways": False, "pooling": "last", "dense": 0},
            {"pooling": "mean"},
        )
    ),
    (catalogue().architectures["text"]["textcnn"], {"shortest": 5, "lengths": 8}),
]


def encoder_of(card: ArchitectureCard, options: dict) -> torch.nn.Module:
    torch.manual_seed(0)
    return build_encoder("text", Choice(name=card.name, options=options), INPUTS).eval()


@torch.no_grad()
@pytest.mark.parametrize(("card", "options"), VARIANTS, ids=case_id)
def test_padding_never_changes_an_answer(card: ArchitectureCard, options: dict):
    encoder = encoder_of(card, options)
    tokens = batch(INPUTS, num_rows=20)["tokens"]
    lengths = (tokens != 0).sum(dim=1)
    assert lengths.unique().numel() > 5, "rows of many lengths are what this is about"
    together = encoder({"tokens": tokens})
    for row, length in enumerate(lengths.tolist()):
        alone = encoder({"tokens": tokens[row : row + 1, :length]})
        torch.testing.assert_close(together.vector[row], alone.vector[0])
        torch.testing.assert_close(together.sequence[row, :length], alone.sequence[0])
    assert torch.equal(together.mask, tokens != 0)


@torch.no_grad()
@pytest.mark.parametrize("card", catalogue().architectures["text"].values(), ids=case_id)
def test_only_the_mean_is_blind_to_the_order_of_tokens(card: ArchitectureCard):
    encoder = encoder_of(card, {})
    vectors = [encoder({"tokens": torch.tensor([row])}).vector for row in ([3, 4, 5, 6], [6, 4, 3, 5])]
    assert torch.allclose(*vectors, atol=1e-6) == (card.name == "embedding_mean")


@torch.no_grad()
def test_both_directions_see_every_token_from_both_ends():
    lstm = catalogue().architectures["text"]["lstm"]
    rows = {"first": [7, 4, 5, 6, 0], "last": [3, 4, 5, 7, 0], "plain": [3, 4, 5, 6, 0]}
    encoder = encoder_of(lstm, {"width": 8, "pooling": "last", "dense": 0})
    found = {name: encoder({"tokens": torch.tensor([row])}).sequence[0] for name, row in rows.items()}
    forwards = {name: states[:, :8] for name, states in found.items()}
    backwards = {name: states[:, 8:] for name, states in found.items()}
    assert torch.equal(forwards["last"][:3], forwards["plain"][:3])
    assert not torch.equal(forwards["first"][3], forwards["plain"][3])
    assert torch.equal(backwards["first"][1:4], backwards["plain"][1:4])
    assert not torch.equal(backwards["last"][0], backwards["plain"][0])
