"""The spectra of the Theory workspace: singular values of layers, eigenvalues of time, and the counterexample."""

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from tests.ui.drawing import colour_at, count_colour, point_at, shown
from tests.ui.person import Person
from vgdesk.present.spectrum import spectrum_scene
from vgdesk.present.unit_circle import unit_circle_scene
from vgdesk.spec.library import example
from vgdesk.study.jacobian import jacobian_spectrum
from vgdesk.theory.eigenvalue_rule import counterexample
from vgdesk.ui.painting import text_size
from vgdesk.ui.plots import spectrum_plot
from vgdesk.ui.plots.spectrum_plot import SpectrumPlot
from vgdesk.ui.plots.unit_circle_plot import UnitCirclePlot
from vgdesk.ui.plots.unit_circle_view import UnitCircleView
from vgdesk.ui.theme import LIGHT


def opened(person: Person, name: str) -> Person:
    person.window.desk.session.open(example(name))
    person.presses("spectrum")
    person.waits_for(lambda: not person.window.desk.spectra.is_awaited, "the spectrum")
    person.waits_for_calm()
    return person


def test_the_steps_of_a_histogram_stand_where_the_singular_values_are(qtbot):
    scene = spectrum_scene(jacobian_spectrum(example("circles")))
    plot, _, _ = shown(qtbot, SpectrumPlot, scene)
    bars = scene.histograms[0].heights
    fullest = int(bars.argmax())
    middle = plot.to_pixels(float(scene.edges[fullest : fullest + 2].mean()), float(bars[fullest]) / 2)
    above = plot.to_pixels(scene.x_range[0] + 0.01, scene.y_range[1] * 0.5)
    assert colour_at(plot, middle) != LIGHT.panel
    assert bars[0] > 0 or colour_at(plot, above + QPointF(0, 3)) == LIGHT.panel


def test_arrow_keys_read_the_bars_of_the_spectrum(qtbot):
    plot, selection, _ = shown(qtbot, SpectrumPlot, spectrum_scene(jacobian_spectrum(example("circles"))))
    before = plot.grab().toImage()
    QTest.keyClick(plot, Qt.Key.Key_Right)
    assert plot.grab().toImage() != before
    assert selection.current is None


def test_the_key_of_the_spectrum_is_whole_in_a_narrow_panel(qtbot, monkeypatch):
    scene = spectrum_scene(jacobian_spectrum(example("digits-tanh-20")))
    plot, _, _ = shown(qtbot, SpectrumPlot, scene)
    plot.resize(420, 400)
    drawn: list[tuple[float, str]] = []
    monkeypatch.setattr(
        spectrum_plot, "draw_text", lambda painter, rect, text, *rest: drawn.append((rect.width(), text))
    )
    plot.grab()
    whole = " ".join(text for _, text in drawn)
    for histogram in scene.histograms:
        assert histogram.text in whole
        assert not histogram.curve[0].size or f"{histogram.text}; dashed: theory's density" in whole
    assert all(text_size(text)[0] <= room for room, text in drawn if "mean" in text and "◆" not in text)
    assert "◆ measured, ◇ predicted" in whole
    assert plot.plot_rect().top() > 20 * (1 + len(scene.histograms)) + 10


def test_circles_are_round_and_the_unit_circle_passes_through_1(qtbot):
    plot, _, _ = shown(qtbot, UnitCirclePlot, unit_circle_scene(counterexample()))
    centre, right, top = (plot.to_pixels(*place) for place in ((0, 0), (1, 0), (0, 1)))
    assert right.x() - centre.x() == pytest.approx(centre.y() - top.y(), abs=0.5)
    assert any(colour_at(plot, right + QPointF(dx, 0)) != LIGHT.panel for dx in (-1, 0, 1))


def test_pointing_at_an_eigenvalue_reads_it(qtbot):
    plot, _, _ = shown(qtbot, UnitCirclePlot, unit_circle_scene(counterexample()))
    before = count_colour(plot, LIGHT.raised)
    point_at(qtbot, plot, plot.to_pixels(0.0, 0.0))
    assert count_colour(plot, LIGHT.raised) > before


def test_an_empty_spectrum_says_why(qtbot):
    plot, _, _ = shown(qtbot, SpectrumPlot, "the Jacobian is not finite")
    assert plot.is_empty()
    assert plot.accessibleDescription() == "the Jacobian is not finite"


def test_a_network_of_layers_shows_its_singular_values(person: Person):
    cards = opened(person, "digits-tanh-20").window.cards
    assert cards["spectrum"].isVisible()
    assert "measured mean s²" in person.view("spectrum").accessibleDescription()


def test_a_recurrent_network_shows_its_unit_circle_in_place_of_the_phase_diagram(person: Person):
    cards = opened(person, "digits-lstm-pixels").window.cards
    assert cards["circle"].isVisible()
    assert not cards["phase"].isVisible()
    view = person.view("circle")
    assert isinstance(view, UnitCircleView)
    assert "90%" in view.words.text()


def test_the_counterexample_is_one_choice_away_and_another_brings_the_network_back(person: Person):
    opened(person, "digits-rnn-rows")
    spectra = person.window.desk.spectra
    person.presses("counterexample")
    person.waits_for(lambda: not spectra.is_awaited, "the counterexample")
    person.waits_for_calm()
    view = person.view("circle")
    assert isinstance(view, UnitCircleView)
    assert "the gradient doubles at every step back" in view.words.text()
    person.presses("counterexample")
    person.waits_for(lambda: not spectra.is_awaited, "the network's own spectrum")
    assert spectra.recurrent is not None
    assert spectra.recurrent.experiment == "digits-rnn-rows"


@pytest.mark.parametrize(("name", "panel"), [("digits-tanh-20", "spectrum"), ("digits-rnn-rows", "circle")])
def test_the_spectrum_that_has_the_keyboard_is_what_is_exported(person: Person, tmp_path, name: str, panel: str):
    opened(person, name).returns_to_window()
    person.window.cards[panel].focus_view()
    person.waits_for(lambda: person.window.stage.current == panel, "the keyboard in the panel")
    person.presses("export_figure")
    person.fills_in_file_dialog(tmp_path / "picture.csv")
    person.waits_for((tmp_path / "picture.csv").exists, "the file")
    assert (tmp_path / "picture.csv").read_text().count("\n") > 8
