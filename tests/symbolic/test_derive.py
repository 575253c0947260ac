"""The derivation of one weight: factors, value, steps."""

import math

import pytest

from tests.builders import chain, network_experiment
from vgdesk.errors import DerivationTooLarge, SpecError
from vgdesk.present.formula import to_text
from vgdesk.records.codec import from_bytes, to_bytes
from vgdesk.records.derivation import Derivation, PlaceKind, StepKind
from vgdesk.records.formula import Symbol
from vgdesk.spec.activation import own_formula
from vgdesk.spec.initialisation import Explicit
from vgdesk.spec.library import example
from vgdesk.spec.network import DenseLayer, FeedForward
from vgdesk.study.derive import derive
from vgdesk.study.verify import verify
from vgdesk.symbolic.own_activation import expression_of
from vgdesk.symbolic.spelling import Speller


@pytest.mark.parametrize("name", ["insurance", "insurance-sparse"])
def test_insurance_gradient_is_the_product_of_two_factors_of_a_real_forward_pass(name):
    derivation = derive(example(name), "w1")
    assert derivation.value == pytest.approx(0.0015, abs=1e-15)
    assert [factor.value for factor in derivation.factors] == pytest.approx([0.03, 0.05], abs=1e-15)
    assert derivation.state is not None
    assert derivation.state.activations[2][0] == pytest.approx(0.7, abs=1e-15)


def test_every_factor_of_the_insurance_network_has_its_edge():
    places = [factor.place for factor in derive(example("insurance"), "w1").factors]
    assert [(place.kind, place.layer, place.unit, place.source) for place in places] == [
        (PlaceKind.EDGE, 2, 1, 1),
        (PlaceKind.EDGE, 1, 1, 1),
    ]


def test_a_chain_whose_units_all_stand_at_zero_loses_a_quarter_per_layer():
    # w = 1 and b = -1/2 put every z behind the first layer at 1/2 - 1/2 = 0
    derivation = derive(chain([1.0] * 5, [0.0] + [-0.5] * 4, 0.0, 1.0, "sigmoid"), "b1")
    assert [factor.value for factor in derivation.factors[1:]] == pytest.approx([0.25] * 5, abs=1e-15)


def test_chain_with_weight_four_neither_shrinks_nor_grows():
    experiment = example("chain-flat")
    assert [derive(experiment, f"w{k}").value for k in range(1, 6)] == pytest.approx([1 / 16] * 5, rel=1e-14)


def test_a_chain_has_one_factor_per_layer_on_the_way():
    assert [len(derive(example("classic-chain"), f"w{k}").factors) for k in range(1, 6)] == [6, 5, 4, 3, 2]


@pytest.mark.parametrize("wrt", ["w1", "w6", "w9", "b1", "b3"])
def test_factors_multiply_to_the_value(wrt):
    derivation = derive(example("insurance"), wrt)
    assert math.prod(factor.value for factor in derivation.factors) == pytest.approx(derivation.value, rel=1e-14)


def test_main_steps_come_first_and_in_order():
    kinds = [step.kind for step in derive(example("insurance"), "w1").steps if not step.detail]
    assert kinds == [StepKind.CHAIN_RULE, StepKind.NAME, StepKind.SUBSTITUTE, StepKind.RESULT]


def test_the_sign_of_d1_is_explained_by_the_output_weight():
    notes = " ".join(step.note for step in derive(example("insurance"), "w1").steps)
    assert "d1 is positive because w9 is negative" in notes


def test_a_gradient_below_every_float_keeps_its_exponent():
    derivation = derive(chain([0.0001] * 100, [0.0] * 100, 1.0, 0.0, "sigmoid"), "w1")
    assert derivation.value == 0.0
    assert derivation.log10_magnitude == pytest.approx(-456.507, abs=1e-3)
    result = next(step for step in derivation.steps if step.kind is StepKind.RESULT)
    assert "×10⁻⁴⁵" in to_text(result.lines[0]).replace(" × 10", "×10")


def test_a_slope_below_every_float_is_not_written_as_zero():
    derivation = derive(chain([-800.0], [0.0], 1.0, 1.0, "sigmoid"), "w1")
    assert derivation.log10_magnitude == pytest.approx(-800 / math.log(10), abs=0.1)
    assert to_text(derivation.factors[-1].number) != "0"


def test_saturated_cross_entropy_stays_exact():
    steep = chain([500.0], [0.0], 1.0, 0.0, "sigmoid")
    experiment = network_experiment([1, 1], ["sigmoid"], [[1.0]], [[0.0]], "bce", initialisation=steep.initialisation)
    assert derive(experiment, "w1").value == pytest.approx(1.0, rel=1e-15)


def test_a_derivation_survives_the_way_to_another_process():
    derivation = derive(example("mazur"), "w1")
    copy = from_bytes(to_bytes(derivation), Derivation)
    assert copy.steps == derivation.steps
    assert copy.factors == derivation.factors


def test_unknown_weight_says_which_exist():
    with pytest.raises(SpecError, match="unknown weight 'w11'; allowed are w1 to w10 and b1 to b3"):
        derive(example("insurance"), "w11")


def test_large_network_is_refused_in_one_sentence():
    with pytest.raises(DerivationTooLarge, match=r"digits-sigmoid-20 has 6,106 parameters.*at most 250"):
        derive(example("digits-sigmoid-20"), "w1")


def without_biases(*owners):
    """Returns a chain of two layers, of which those that `owners` says have a bias."""
    layers = tuple(DenseLayer(width=1, bias=owns) for owns in owners)
    numbers = Explicit(weights=(((0.5,),), ((0.25,),)), biases=tuple((0.1,) if owns else () for owns in owners))
    network = FeedForward(inputs=1, layers=layers)
    return network_experiment([1, 1, 1], ["sigmoid"] * 2, [[2.0]], [[1.0]], network=network, initialisation=numbers)


def test_a_unit_without_bias_is_its_weights_alone():
    lines = [to_text(line) for step in derive(without_biases(False, True), "w1").steps for line in step.lines]
    assert "z₁ = w₁ x = 1" in lines
    assert "z₂ = w₂ h₁ + b₁ = 0.283" in lines


def test_biases_are_numbered_over_the_layers_that_have_some():
    place = derive(without_biases(False, True), "b1").wrt_place
    assert (place.kind, place.layer) == (PlaceKind.BIAS, 2)
    with pytest.raises(SpecError, match=r"unknown weight 'b2'; allowed are w1 to w2 and b1 to b1$"):
        derive(without_biases(False, True), "b2")
    with pytest.raises(SpecError, match=r"unknown weight 'b1'; allowed are w1 to w2$"):
        derive(without_biases(False, False), "b1")


@pytest.mark.parametrize("owners", [(False, True), (True, False), (False, False)])
def test_a_chain_without_some_biases_agrees_three_ways_and_shows_zeros(owners):
    experiment = without_biases(*owners)
    verification = verify(experiment)
    assert verification.passed, verification.sentence
    assert [row.name for row in verification.rows] == ["w1", "w2", *(f"b{n}" for n in range(1, sum(owners) + 1))]
    state = derive(experiment, "w1").state
    assert state is not None
    assert [float(b[0]) for b in state.biases] == [0.1 if owns else 0.0 for owns in owners]


def test_the_closed_form_of_ones_own_formula_reads_as_cases_with_their_conditions():
    own = own_formula("formula: where(-1 < z <= 2, abs(z), 0.5*z)")
    assert own is not None
    spelled = Speller({"z": Symbol("z")}).spell(expression_of(own.tree))
    assert to_text(spelled) == "{Abs(z) if z ≤ 2 and z > −1; (1/2) z otherwise}"
