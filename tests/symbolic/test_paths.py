"""The gradient as the sum over all paths: their number, their order, their sum."""

import itertools
import math

import msgspec
import pytest

from tests.builders import chain, network_experiment
from vgdesk.errors import SpecError
from vgdesk.records.codec import from_bytes, to_bytes
from vgdesk.records.derivation import PlaceKind
from vgdesk.records.derivation_views import PathView
from vgdesk.spec.library import example
from vgdesk.study.derivation_views import paths
from vgdesk.study.derive import derive


def _wide(width, depth, activation="tanh"):
    widths = [2, *[width] * depth, 1]
    return network_experiment(widths, [activation] * (depth + 1), [[0.3, -0.7]], [[0.2]])


def _product(view, path):
    by_id = {factor.id: factor.value for factor in view.factors}
    return math.prod(by_id[name] for name in path.factors)


def test_a_chain_has_one_path_which_is_the_whole_gradient():
    view = paths(example("classic-chain"), "w1")
    assert (view.count, [path.share for path in view.paths]) == (1, [1.0])
    assert view.paths[0].value == pytest.approx(derive(example("classic-chain"), "w1").value, rel=1e-15, abs=0)


def test_the_paths_of_mazurs_network_lead_through_both_outputs():
    view = paths(example("mazur"), "w1")
    outputs = [
        {place.unit for place in path.places if place.layer == 2 and place.kind is PlaceKind.UNIT}
        for path in view.paths
    ]
    assert outputs == [{1}, {2}]
    # Mazur 2015: dE_o1/dout_h1 = 0.055399425, dE_o2/dout_h1 = -0.019049119, to the digits printed there
    shares = [path.value / view.value for path in view.paths]
    assert shares == pytest.approx([0.055399425 / 0.036350306, -0.019049119 / 0.036350306], rel=1e-7)


@pytest.mark.parametrize(("width", "depth"), [(2, 2), (3, 3), (4, 2)])
def test_a_weight_below_full_layers_has_one_path_per_choice_of_units_above(width, depth):
    assert paths(_wide(width, depth), "w1").count == width ** (depth - 1)


def test_every_path_is_the_product_of_its_factors_and_all_add_up():
    view = paths(_wide(3, 3), "w2", most=200)
    assert len(view.paths) == view.count == 9
    assert [path.value for path in view.paths] == pytest.approx(
        [_product(view, path) for path in view.paths], rel=1e-14, abs=0
    )
    assert math.fsum(path.value for path in view.paths) == pytest.approx(view.value, rel=1e-13, abs=0)
    assert math.fsum(path.share for path in view.paths if path.share) == pytest.approx(1.0, rel=1e-12)


def test_the_largest_paths_come_first_and_no_larger_one_is_left_out():
    few, every = paths(_wide(4, 3), "w1", most=5), paths(_wide(4, 3), "w1", most=200)
    sizes = [abs(path.value) for path in every.paths]
    assert sizes == sorted(sizes, reverse=True)
    assert [path.value for path in few.paths] == [path.value for path in every.paths[:5]]


def test_what_is_not_listed_is_the_rest():
    few, every = paths(_wide(4, 3), "w1", most=5), paths(_wide(4, 3), "w1", most=200)
    assert few.rest == pytest.approx(math.fsum(path.value for path in every.paths[5:]), rel=1e-13, abs=0)
    assert (few.value, every.rest) == (every.value, 0.0)


def test_a_path_names_its_places_from_the_parameter_to_the_loss():
    path = paths(_wide(3, 2), "w1").paths[0]
    assert path.places[0].kind is PlaceKind.EDGE
    assert path.places[-1].kind is PlaceKind.LOSS
    layers = [place.layer for place in path.places]
    assert all(below <= above for below, above in itertools.pairwise(layers))


def test_paths_through_a_dead_unit_are_counted_as_zeros_and_come_last():
    view = paths(_wide(4, 3, "relu"), "w1", most=200)
    zeros = [path.value == 0.0 for path in view.paths]
    assert zeros == sorted(zeros)
    assert view.zeros == sum(zeros) > 0


def test_astronomically_many_paths_are_counted_without_walking_them():
    view = paths(_wide(2, 38), "w1", most=3)
    assert view.count == 2**37
    assert view.value == pytest.approx(derive(_wide(2, 38), "w1").value, rel=1e-13, abs=0)


def test_a_path_of_400_orders_of_magnitude_keeps_its_logarithm():
    view = paths(chain([1e-10] * 41, [0.0] * 41, 1.0, 1.0, "tanh"), "w1")
    assert (view.value, view.paths[0].value) == (0.0, 0.0)
    assert view.paths[0].log10_magnitude == pytest.approx(-400.0, abs=1e-9)
    assert view.paths[0].sign == -1


def test_a_saturated_output_under_cross_entropy_keeps_its_path():
    # 1 - y is about e^-400, of which 60 digits leave nothing
    saturated = msgspec.structs.replace(chain([20.0, 400.0], [20.0, 0.0], 1.0, 0.0, "sigmoid"), loss="bce")
    view = paths(saturated, "w1")
    assert view.paths[0].share == 1.0
    assert view.value == pytest.approx(derive(saturated, "w1").value, rel=1e-13, abs=0)


def test_a_view_crosses_to_another_process_unchanged():
    view = paths(example("mazur"), "w1")
    assert from_bytes(to_bytes(view), PathView) == view


@pytest.mark.parametrize("most", [0, 201])
def test_a_number_of_paths_nobody_reads_is_refused(most):
    with pytest.raises(SpecError, match="number of paths listed must be from 1 to 200"):
        paths(example("mazur"), "w1", most=most)
