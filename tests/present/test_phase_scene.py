"""The picture of a phase diagram: lines where they belong, and what has not come yet."""

import msgspec
import numpy as np
import pytest

from vgdesk.diagnosis.remedies.catalogue import offer
from vgdesk.present.depth_plan import NO_FIXED_POINT, plan_sentences
from vgdesk.present.phase import crossings, log10_chi_at, phase_scene, place_words
from vgdesk.spec.initialisation import FixedGaussian
from vgdesk.spec.library import example
from vgdesk.study.plan import plan
from vgdesk.study.predict import first_examples
from vgdesk.theory.critical import critical
from vgdesk.theory.depth_plan import depth_plan
from vgdesk.theory.mean_field import mean_field
from vgdesk.theory.phase import phase_diagram


def scene(shown="chi", depth=0, rows=60):
    found = phase_diagram("tanh", (0.0, 3.0), (0.0, 2.0), points=60)
    chi = found.chi_1.copy()
    chi[rows:] = np.nan
    return phase_scene("tanh", found.sigma_w, found.sigma_b, found.q, chi, shown, depth)


def test_the_critical_line_goes_through_the_critical_point():
    (line,) = scene().critical
    heights = [height for _, height in line]
    sigma_b = heights[20]
    assert line[20][0] == pytest.approx(critical("tanh", sigma_b).points[0].sigma_w, abs=0.01)


def test_the_companions_stand_where_five_depth_scales_are_the_depth_of_the_network():
    drawn = scene(depth=20)
    assert len(drawn.companions) == 2
    for line in drawn.companions:
        assert abs(log10_chi_at(drawn, *line[30])) * np.log(10) == pytest.approx(5 / 20, rel=0.05)


def test_rows_that_have_not_come_leave_the_lines_short_and_the_colours_alone():
    half = scene(rows=30)
    assert max(height for line in half.critical for _, height in line) <= 1.0
    assert np.isfinite(half.colour_range).all()


def test_the_trainable_depth_is_large_on_the_critical_line_and_small_far_from_it():
    drawn = scene("depth")
    assert np.nanmax(drawn.values) > 2.0
    assert drawn.values[30, 5] < 1.0


def test_crossings_that_lie_apart_are_lines_of_their_own():
    x, y = np.linspace(0, 10, 11), np.array([0.0, 1.0])
    values = np.array([np.sin(x + 0.5)] * 2)
    assert len(crossings(x, y, values)) == 3


@pytest.mark.parametrize("name", ["digits-sigmoid-20", "digits-relu-20", "digits-tanh-20"])
def test_planner_and_diagram_write_the_same_numbers(name):
    found = plan(example(name))
    words = " ".join(plan_sentences(found)).replace("\u00a0", " ")
    grid = np.linspace(0.0, 3.0, 4)
    scene = phase_scene("tanh", grid, grid, np.ones((4, 4)), np.ones((4, 4)))
    tag = place_words(scene, found.sigma_w, found.sigma_b, found)
    sigmas, chi, reach = tag.split(" · ")
    assert sigmas.replace("σ_w ", "σ_w = ").replace("σ_b ", "σ_b = ") in words
    assert chi.removeprefix("χ₁ ") in words
    assert reach in words


def with_elu():
    changed = offer(example("digits-sigmoid-20"), "elu").experiment
    assert changed is not None
    return changed


def test_where_the_variance_grows_on_diagram_and_planner_tell_one_factor_and_that_there_is_no_fixed_point():
    found = plan(with_elu(), 1e-6)
    words = " ".join(plan_sentences(found)).replace("\u00a0", " ")
    grid = phase_diagram("elu", (0.0, 3.0), (0.0, 2.0), points=61)
    scene = phase_scene("elu", grid.sigma_w, grid.sigma_b, grid.q, grid.chi_1)
    sigmas, chi, end = place_words(scene, found.sigma_w, found.sigma_b, found).split(" · ")
    assert mean_field("elu", found.sigma_w, found.sigma_b).reached is None
    assert (sigmas, end) == ("σ_w 1.414, σ_b 0", NO_FIXED_POINT)
    assert f"χ = {chi.removeprefix('χ ').removesuffix(' in the middle')} in the middle of these 20, another" in words
    assert f"; {end}." in words
    assert "ξ" not in words
    assert place_words(scene, 2.0, 0.0) == f"σ_w 2, σ_b 0 · {NO_FIXED_POINT}"
    told = place_words(scene, 2.0, 0.0, beside="skip connections")
    assert told == f"σ_w 2, σ_b 0 · without skip connections: {NO_FIXED_POINT}"


def test_factor_of_straight_lines_is_told_although_the_variance_grows_on():
    grid = phase_diagram("relu", (0.0, 3.0), (0.0, 2.0), points=61)
    scene = phase_scene("relu", grid.sigma_w, grid.sigma_b, grid.q, grid.chi_1)
    assert place_words(scene, 2.0, 0.0) == f"σ_w 2, σ_b 0 · χ₁ 2 · 5 ξ = 7.21 layers · {NO_FIXED_POINT}"
    assert NO_FIXED_POINT not in place_words(scene, 1.0, 0.5)
    steep = msgspec.structs.replace(example("digits-relu-20"), initialisation=FixedGaussian(std=0.5))
    found = plan(steep, 1e-6)
    assert found.chi == found.chi_1 == pytest.approx(found.sigma_w**2 / 2)
    assert plan_sentences(found)[1].endswith(f"; {NO_FIXED_POINT}.")


def test_a_factor_between_points_of_the_grid_is_about_what_is_told_and_at_a_point_it_is_told_as_it_is():
    grid = phase_diagram("tanh", (0.0, 3.0), (0.0, 2.0), points=31)
    scene = phase_scene("tanh", grid.sigma_w, grid.sigma_b, grid.q, grid.chi_1)
    assert place_words(scene, 0.55, 0.3).startswith("σ_w 0.55, σ_b 0.3 · χ₁ ≈ 0.2")
    assert " · 5 ξ ≈ " in place_words(scene, 0.55, 0.3)
    column, row = 11, 6
    exact = mean_field("tanh", float(grid.sigma_w[column]), float(grid.sigma_b[row])).reached
    assert exact is not None
    assert f"χ₁ {exact.chi_1:.3g} · 5 ξ = " in place_words(scene, float(grid.sigma_w[column]), float(grid.sigma_b[row]))


def test_brief_plan_of_a_network_without_fixed_point_tells_the_same_factor():
    experiment = with_elu()
    inputs, targets = first_examples(experiment)
    brief, whole = (depth_plan(experiment, inputs, targets, 1e-6, is_brief) for is_brief in (True, False))
    assert brief.varies
    assert brief.chi == whole.chi


def test_factor_beside_skip_connections_is_computed_at_the_point_and_not_between_points_of_the_grid():
    found = plan(example("digits-resnet-50"))
    grid = phase_diagram("tanh", (0.0, 3.0), (0.0, 2.0), points=90)
    scene = phase_scene("tanh", grid.sigma_w, grid.sigma_b, grid.q, grid.chi_1)
    alone = mean_field("tanh", found.sigma_w, found.sigma_b).reached
    assert alone is not None
    assert found.place_chi == alone.chi_1
    tag = place_words(scene, found.sigma_w, found.sigma_b, found, found.beside)
    assert tag == "σ_w 1, σ_b 0 · without skip connections: χ₁ 1 · 5 ξ = over 10,000 layers"
    assert place_words(scene, found.sigma_w, found.sigma_b, None, found.beside) != tag


def test_variance_beside_normalisation_settles_at_the_point_whatever_the_next_point_of_the_grid_does():
    found = plan(example("digits-bn-relu-20"))
    grid = phase_diagram("relu", (0.0, 2.0 * found.sigma_w * 1.001), (0.0, 2.0), points=61)
    scene = phase_scene("relu", grid.sigma_w, grid.sigma_b, grid.q, grid.chi_1)
    assert np.isposinf(scene.q[0, 30])
    alone = mean_field("relu", found.sigma_w, found.sigma_b)
    assert (found.alone_settles, alone.reached is not None) == (True, True)
    tag = place_words(scene, found.sigma_w, found.sigma_b, found, found.beside)
    assert tag.endswith("χ₁ 1 · 5 ξ = over 10,000 layers")
    steep = msgspec.structs.replace(example("digits-bn-relu-20"), initialisation=FixedGaussian(std=0.5))
    grown = plan(steep)
    assert place_words(scene, grown.sigma_w, grown.sigma_b, grown, grown.beside).endswith(NO_FIXED_POINT)
