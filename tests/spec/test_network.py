"""Networks know their widths, wiring and the names of their weights."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vgdesk.errors import SpecError
from vgdesk.spec.library import example
from vgdesk.spec.network import DenseLayer, FeedForward

INSURANCE = example("insurance").feed_forward
SPARSE = example("insurance-sparse").feed_forward


def network(*widths: int) -> FeedForward:
    return FeedForward(inputs=widths[0], layers=tuple(DenseLayer(width=width) for width in widths[1:]))


@given(st.lists(st.integers(1, 6), min_size=2, max_size=6))
def test_dense_network_names_every_weight_once_in_order(widths: list[int]):
    edges = list(network(*widths).edges())
    assert [edge.name for edge in edges] == [f"w{k}" for k in range(1, len(edges) + 1)]
    assert len(edges) == sum(below * above for below, above in itertools.pairwise(widths))
    places = [(edge.layer, edge.unit, edge.source) for edge in edges]
    assert places == sorted(set(places))


@given(st.lists(st.integers(1, 6), min_size=2, max_size=6))
def test_every_unit_has_one_bias(widths: list[int]):
    biases = list(network(*widths).biases())
    assert [bias.name for bias in biases] == [f"b{k}" for k in range(1, sum(widths[1:]) + 1)]


def test_dense_insurance_network_names_its_weights_as_the_textbook():
    places = {edge.name: (edge.layer, edge.unit, edge.source) for edge in INSURANCE.edges()}
    assert [places[f"w{k}"] for k in (1, 4, 5, 8)] == [(1, 1, 1), (1, 1, 4), (1, 2, 1), (1, 2, 4)]
    assert [places[f"w{k}"] for k in (9, 10)] == [(2, 1, 1), (2, 1, 2)]
    assert len(places) == 10


def test_sparse_insurance_network_skips_absent_connections():
    places = [(edge.name, edge.layer, edge.unit, edge.source) for edge in SPARSE.edges()]
    assert places == [
        ("w1", 1, 1, 1),
        ("w2", 1, 1, 2),
        ("w3", 1, 2, 3),
        ("w4", 1, 2, 4),
        ("w5", 2, 1, 1),
        ("w6", 2, 1, 2),
    ]


def test_units_and_inputs_have_their_names():
    assert [INSURANCE.unit_name(0, k) for k in (1, 2, 3, 4)] == ["age", "education", "income", "savings"]
    assert [INSURANCE.unit_name(1, 1), INSURANCE.unit_name(1, 2), INSURANCE.unit_name(2, 1)] == [
        "Awareness",
        "Affordability",
        "y",
    ]
    assert network(2, 3).unit_name(1, 1) == ""


def test_widths_start_with_the_inputs():
    assert (INSURANCE.widths, INSURANCE.depth) == ((4, 2, 1), 2)


def test_chain_has_one_unit_everywhere():
    assert network(1, 1, 1).is_chain
    assert not network(1, 2, 1).is_chain


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"width": 0}, "width must be an integer from 1 to 4096, got 0"),
        (
            {"width": 2, "activation": "swish"},
            "identity, or a formula in z such as 'formula: z/(1 + exp(-z))'; got 'swish'",
        ),
        ({"width": 2, "unit_names": ("a",)}, "unit_names must be empty or hold 2 names, got 1"),
        ({"width": 1, "unit_names": (" ",)}, "unit_names must hold printable names of 1 to 40 characters, got ' '"),
        ({"width": 1, "unit_names": ("a\n",)}, "printable names of 1 to 40 characters, got 'a\\n'"),
        ({"width": 2, "sources": ((1,),)}, "sources must list one entry for each of the 2 units, got 1"),
    ],
)
def test_impossible_layer_is_refused_in_one_sentence(fields: dict[str, object], sentence: str):
    with pytest.raises(SpecError) as caught:
        DenseLayer(**fields)  # pyright: ignore[reportArgumentType]
    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"inputs": 0, "layers": (DenseLayer(width=1),)}, "inputs must be an integer from 1 to 4096, got 0"),
        ({"inputs": 1, "layers": ()}, "number of layers must be an integer from 1 to 1000, got 0"),
        ({"inputs": 1, "layers": (DenseLayer(width=1),) * 1001}, "number of layers must be an integer from 1 to 1000"),
        (
            {"inputs": 2, "layers": (DenseLayer(width=1, sources=((3,),)),)},
            "sources of unit 1 of layer 1 must be an int",
        ),
        (
            {"inputs": 2, "layers": (DenseLayer(width=1, sources=((1, 1),)),)},
            "must be distinct and at least one, got [1, 1]",
        ),
        ({"inputs": 2, "layers": (DenseLayer(width=1, sources=((),)),)}, "must be distinct and at least one, got []"),
        (
            {"inputs": 1, "input_names": ("a",), "layers": (DenseLayer(width=1, unit_names=("a",)),)},
            "names of inputs and units must differ from each other, got 'a' twice",
        ),
    ],
)
def test_impossible_network_is_refused_in_one_sentence(fields: dict[str, object], sentence: str):
    with pytest.raises(SpecError) as caught:
        FeedForward(**fields)  # pyright: ignore[reportArgumentType]
    assert sentence in str(caught.value)
