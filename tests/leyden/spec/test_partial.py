import pytest

from leyden.errors import SpecError
from leyden.spec.check import complete
from leyden.spec.defaults import default_spec
from leyden.spec.fields import set_dotted
from leyden.spec.partial import check_partial, completed, difference
from tests.leyden.spec.cases import catalogue, people

CATALOGUE = catalogue("tabular", "text")


def usual(target=None):
    return complete(default_spec("d1", people(), CATALOGUE, target), CATALOGUE)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"optimisation.lr": 0.25, "preparation.texts.lowercase": False, "seed": 3},
        {"optimisation.optimiser": "descent", "optimisation.optimiser.options.momentum": 0.5},
        {"architecture.text": "large", "architecture.text.options.width": 16},
        {"data.inputs.letter": "none", "architecture.text": "none"},
        {"data.inputs.id": "category", "loss": "either", "split.test_fraction": 0.0},
        {"hardware.device": "cpu"},
    ],
    ids=str,
)
def test_what_a_spec_has_of_its_own_makes_it_again(changes):
    spec = complete(set_dotted(usual(), changes, CATALOGUE), CATALOGUE)
    short = difference(spec, usual(), CATALOGUE)
    assert short["data"]["target"] == "bought"
    assert complete(completed(check_partial(short), usual(), CATALOGUE), CATALOGUE) == spec


def test_only_what_differs_is_in_it():
    assert difference(usual(), usual(), CATALOGUE) == {"data": {"target": "bought"}}
    spec = set_dotted(usual(), {"architecture.text": "large", "optimisation.lr": 0.25}, CATALOGUE)
    assert difference(complete(spec, CATALOGUE), usual(), CATALOGUE) == {
        "data": {"target": "bought"},
        # All networks are named as soon as one is another: what is not named is not meant.
        "architecture": {"tabular": {"name": "small"}, "text": {"name": "large"}},
        "optimisation": {"lr": 0.25},
    }


def test_the_data_at_hand_is_what_it_is_for():
    assert completed({"data": {"dataset": "d9"}}, usual(), CATALOGUE).data.dataset == "d1"


def test_another_task_brings_its_loss():
    assert completed({"task": {"name": "guessing"}}, usual(), CATALOGUE).loss.name == "distance"


@pytest.mark.parametrize(
    ("plain", "said"),
    [
        ([], "JSON object"),
        ({"optimisation": {"lrr": 1}}, "optimisation.lr"),
        ({"optimisation": {"lr": -1}, "seed": "x"}, "seed"),
        ({"architecture": {"tabular": {"options": {}}}}, "architecture.tabular"),
    ],
    ids=str,
)
def test_a_part_that_fits_no_spec_is_refused(plain, said):
    with pytest.raises(SpecError, match=said):
        check_partial(plain)
