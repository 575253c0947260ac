"""How long an equation takes from its source to the screen, and how smoothly a long sheet scrolls.

Both at two device pixels per pixel. *Equation*: Typst compiles one line, its SVG is read, with no glyph outline
remembered from an earlier one, and its glyphs are painted into an empty picture; the median over the different lines
of a derivation. *Scrolling*: the sheet is laid out in a panel, and each frame paints the whole panel a little further
down; the median and the slowest of a hundred frames. Qt draws into pictures, without a display, in a process of its
own, which runs `main` and prints one line.
"""

import importlib.util
import json
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from vgdesk.bench.figure import Figure
from vgdesk.present.sheet_scene import EquationSheet, SheetLine

EQUATIONS, FRAMES, FRAME_STEP = 500, 100, 24
PANEL = 620, 380
SCALE = 2.0
MOST_EQUATION_MS, MOST_FRAME_MS = 3.0, 8.0
NETWORK, WEIGHT = "insurance", "w1"
_NAMES = "equation: compile, parse and paint, 2x", f"{EQUATIONS} equations scrolling, 2x, a frame", "  slowest frame"
_LIMITS = MOST_EQUATION_MS, MOST_FRAME_MS, None
_SCRIPT = "from vgdesk.bench.equations import main; main()"


def equation_figures() -> Iterator[Figure]:
    """Yields the median time of an equation and of a frame; where Qt is not installed, says so."""
    from vgdesk.bench.window import run_fresh

    found: dict[str, float] = {}
    if is_measurable():
        found = run_fresh(_SCRIPT, {"QT_QPA_PLATFORM": "offscreen"})
    for name, limit in zip(_NAMES, _LIMITS, strict=True):
        yield Figure(name, found.get(name), "ms", limit, decimals=2, why="PySide6 or typst is not installed")


def is_measurable() -> bool:
    """Whether Qt and Typst are installed."""
    return all(importlib.util.find_spec(name) for name in ("PySide6", "typst"))


def main() -> None:
    """Prints the figures in ms by their names as one line of JSON."""
    import sys

    from PySide6.QtWidgets import QApplication

    application = QApplication(sys.argv)
    lines = derivation_lines()
    frames = frame_ms(lines)
    found = statistics.median(equation_ms(lines)), statistics.median(frames), max(frames)
    sys.stdout.write(json.dumps(dict(zip(_NAMES, found, strict=True))) + "\n")
    application.quit()


def derivation_lines() -> list[SheetLine]:
    """Returns the different equations of a derivation, its details included."""
    from vgdesk.present.sheet import equation_sheet
    from vgdesk.spec.library import example
    from vgdesk.study.derive import derive

    sheet = equation_sheet(derive(example(NETWORK), WEIGHT))
    return list({line.typst: line for step in sheet.steps for line in step.lines}.values())


def equation_ms(lines: Sequence[SheetLine], runs: int = 5) -> list[float]:
    """Returns the milliseconds that each line takes, the median of some runs after one that loads the fonts."""
    from vgdesk.export.typesetting import Typesetter
    from vgdesk.ui.equations.layout import EQUATION_PIXELS

    typesetter = Typesetter(EQUATION_PIXELS)
    _compiled_and_painted(typesetter, lines[0])
    return [statistics.median(_compiled_and_painted(typesetter, line) for _ in range(runs)) for line in lines]


def _compiled_and_painted(typesetter: Any, line: SheetLine) -> float:
    from PySide6.QtGui import QColor, QPainter

    from vgdesk.ui.equations.painter import paint_equation
    from vgdesk.ui.equations.svg_reader import outline, read_equation

    picture, black = _picture(), QColor("black")
    outline.cache_clear()
    start = time.perf_counter()
    equation = read_equation(typesetter.svg([line.typst])[0])
    painter = QPainter(picture)
    paint_equation(painter, equation, lambda _: black)
    painter.end()
    return 1000 * (time.perf_counter() - start)


def frame_ms(lines: Sequence[SheetLine], frames: int = FRAMES) -> list[float]:
    """Returns the milliseconds of each frame while a sheet of `EQUATIONS` equations scrolls down."""
    from PySide6.QtCore import QRectF
    from PySide6.QtGui import QPainter

    from vgdesk.ui.equations.sheet_painter import paint_sheet
    from vgdesk.ui.theme import LIGHT

    layout, picture, found = _laid_out(long_sheet(lines)), _picture(), []
    for frame in range(frames):
        start = time.perf_counter()
        painter = QPainter(picture)
        painter.translate(0, -frame * FRAME_STEP)
        paint_sheet(painter, LIGHT, layout, QRectF(0, frame * FRAME_STEP, *PANEL))
        painter.end()
        found.append(1000 * (time.perf_counter() - start))
    return found


def long_sheet(lines: Sequence[SheetLine]) -> EquationSheet:
    """Returns a sheet of steps of five equations each, `EQUATIONS` together."""
    from vgdesk.present.sheet import equation_sheet
    from vgdesk.spec.library import example
    from vgdesk.study.derive import derive

    sheet = equation_sheet(derive(example(NETWORK), WEIGHT))
    every = [lines[number % len(lines)] for number in range(EQUATIONS)]
    steps = [
        replace(sheet.steps[0], number=1 + first // 5, lines=tuple(every[first : first + 5]))
        for first in range(0, EQUATIONS, 5)
    ]
    return replace(sheet, steps=tuple(steps))


def _laid_out(sheet: EquationSheet) -> Any:
    from vgdesk.export.typesetting import Typesetter
    from vgdesk.ui.equations.layout import EQUATION_PIXELS, lay_out
    from vgdesk.ui.equations.svg_reader import read_equation

    sources = list(dict.fromkeys(line.typst for step in sheet.steps for line in step.lines))
    pictures = Typesetter(EQUATION_PIXELS).svg(sources)
    equations = {source: read_equation(svg) for source, svg in zip(sources, pictures, strict=True)}
    return lay_out(sheet, equations, float(PANEL[0]), shows_details=True)


def _picture() -> Any:
    from PySide6.QtGui import QImage

    picture = QImage(round(PANEL[0] * SCALE), round(PANEL[1] * SCALE), QImage.Format.Format_ARGB32_Premultiplied)
    picture.setDevicePixelRatio(SCALE)
    picture.fill(0xFFFFFFFF)
    return picture
