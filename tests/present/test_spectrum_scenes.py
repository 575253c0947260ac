"""Scenes of the two spectra: axes that hold every number, sentences with measured and predicted moments."""

import math

import numpy as np
import pytest

from vgdesk.present.scenes import Tone
from vgdesk.present.spectrum import moments_text, nothing_arrives, spectrum_scene
from vgdesk.present.unit_circle import OF_A_MATRIX, fit_text, path_text, unit_circle_scene
from vgdesk.records.codec import from_bytes, frozen, to_bytes
from vgdesk.records.jacobian import JacobianSpectrum, SpectrumSide, SquareMoments
from vgdesk.records.spectrum import CellPath, GateSpectrum, LagFit, RecurrentSpectrum


def side(log10, is_own=True, predicted=None, kind="gaussian"):
    """Returns one network's singular values."""
    return SpectrumSide(
        kind=kind, is_own=is_own, log10_singular=frozen(log10), measured=SquareMoments(0.0, 1.0), predicted=predicted
    )


def jacobian(*sides, reason=""):
    return JacobianSpectrum(experiment="test", outputs=3, inputs=4, sides=sides, reason=reason)


def plane(**fields):
    """Returns the spectrum of a simple cell with two units."""
    gate = GateSpectrum(
        gate="",
        real=frozen([0.5, -0.5]),
        imaginary=frozen([1.0, -1.0]),
        spectral_radius=1.118,
        largest_singular_value=1.3,
    )
    given = {
        "experiment": "test",
        "cell": "rnn",
        "gates": (gate,),
        "steepest": 1.0,
        "verdict": "Nothing is promised.",
        "lags": frozen([0, 1, 2]),
        "log10_norm": frozen([0.0, -1.0, -2.0]),
        "log10_bound": frozen([0.0, 0.1, 0.2]),
        "fit": LagFit(0.0, -1.0, math.log10(2)),
    }
    return RecurrentSpectrum(**{**given, **fields})


def test_bars_of_a_histogram_have_the_share_of_what_is_not_zero():
    scene = spectrum_scene(jacobian(side([0.0, -1.0, -2.0, -math.inf])))
    own = scene.histograms[0]
    assert own.heights @ np.diff(scene.edges) == pytest.approx(0.75)
    assert own.zeros == 1
    assert "1 of 4 singular values are 0 up to rounding" in own.text


def test_predicted_mean_far_from_the_values_is_still_on_the_axis():
    scene = spectrum_scene(jacobian(side([-8.0, -9.0], predicted=SquareMoments(-4.0, 2.0))))
    low, high = scene.x_range
    assert low < -9 < -2 < high
    assert scene.histograms[0].predicted == -2.0


def test_equal_singular_values_share_an_axis_of_a_decade_with_readable_ticks():
    scene = spectrum_scene(jacobian(side([0.0] * 50, kind="orthogonal")))
    assert scene.x_range[1] - scene.x_range[0] == pytest.approx(1.0)
    assert (0.0, "1") in scene.x_ticks


def test_no_number_at_all_is_a_scene_nevertheless():
    scene = spectrum_scene(jacobian(side([-math.inf] * 3), reason="The weights are given."))
    assert scene.note == "The weights are given."
    assert np.all(scene.histograms[0].heights == 0)


def test_the_networks_are_told_apart_by_colour_and_words():
    own, twin = spectrum_scene(jacobian(side([0.0]), side([0.1], is_own=False, kind="orthogonal"))).histograms
    assert (own.tone, twin.tone) == (Tone.MEASURED, Tone.HELD_OUT)
    assert (own.label, twin.label) == ("independent weights (this network)", "orthogonal (same σ_w)")


def test_moments_are_written_with_three_digits_also_far_below_float64():
    assert moments_text(SquareMoments(0.0, 4.0)) == "mean s² 1, variance 4 mean²"
    assert moments_text(SquareMoments(-400.5, 1e-30)) == "mean s² 3.16×10⁻⁴⁰¹, variance 0"
    assert moments_text(SquareMoments(-math.inf, math.nan)) == "mean s² exactly 0"
    assert moments_text(SquareMoments(-360.0, math.nan)) == "mean s² 1.00×10⁻³⁶⁰, no variance in float64"


def test_plane_holds_the_unit_circle_and_every_eigenvalue():
    scene = unit_circle_scene(plane())
    assert scene.reach >= 1.118
    assert [circle.is_unit for circle in scene.circles] == [True, False]
    assert scene.lags.lags == 3
    assert [line.quantity for line in scene.lags.lines] == ["jacobian", "bound"]


def test_the_bound_does_not_stretch_the_axis_of_what_is_measured():
    assert unit_circle_scene(plane(log10_bound=frozen([0.0, 50.0, 100.0]))).lags.y_range == (-4.0, 0.0)


@pytest.mark.parametrize(("slope", "words"), [(-0.1, "halved every 3.01 steps"), (0.0, "level"), (0.30103, "doubled")])
def test_the_fit_is_said_in_words(slope, words):
    half = math.inf if slope == 0.0 else -math.log10(2) / slope
    assert words in fit_text(plane(fit=LagFit(0.0, slope, half)))


def test_a_cell_path_that_never_closes_says_never():
    path = CellPath(
        log10=frozen([0.0]),
        half=math.inf,
        tenth=math.inf,
        float32=math.inf,
        predicted_half=1.0,
        predicted_tenth=1.0,
        predicted_float32=1.0,
    )
    assert "loses half never" in path_text(path)


@pytest.mark.parametrize(("half", "is_carried_on"), [(1.5, False), (40.0, True)])
def test_lags_beyond_the_sequence_are_marked_as_such(half, is_carried_on):
    lost = dict.fromkeys(("tenth", "float32", "predicted_half", "predicted_tenth", "predicted_float32"), math.inf)
    words = path_text(CellPath(log10=frozen([0.0, -0.2, -0.4]), half=half, **lost))
    assert ("above lag 2, the sequence's last, the line is carried on" in words) is is_carried_on


def test_records_travel_between_processes():
    for record in (plane(), jacobian(side([0.0, -math.inf]))):
        found = from_bytes(to_bytes(record), type(record))
        assert to_bytes(found) == to_bytes(record)


def test_weights_that_may_be_uniform_are_not_called_gaussian_and_their_twin_is():
    scene = spectrum_scene(jacobian(side([0.0]), side([0.0], is_own=False)))
    assert [one.label for one in scene.histograms] == ["independent weights (this network)", "Gaussian (same σ_w)"]


def test_spectrum_without_a_value_is_told_in_a_sentence_and_its_axis_is_a_plain_one():
    empty = jacobian(side([-math.inf]))
    assert "do not depend on the inputs" in nothing_arrives(empty)
    assert nothing_arrives(jacobian(side([-math.inf, 0.0]))) == ""
    assert spectrum_scene(empty).y_range == (0.0, 1.0)


def test_matrix_of_no_network_is_not_called_one():
    assert unit_circle_scene(plane()).lags.subtitle == "at the start"
    assert unit_circle_scene(plane(), moment=OF_A_MATRIX).lags.subtitle == "of this W_hh"
