"""Reads the SVG that Typst writes for one equation: glyph outlines and fraction bars, grouped by ink.

What Typst 0.15 writes, and all that is understood here (a contract test watches it):

- `<symbol id><path d></symbol>`: one outline per glyph and size, y upwards;
- `<g transform="matrix(1 0 0 -1 x y)"><use href x y fill/>...</g>`: a run of glyphs with that ink;
- `<path stroke="ink" d="M 0 0h 77.85">`: a fraction bar; `<path fill="ink">`: a filled shape.

A group of uses with one x and several y is a tall bracket put together from pieces that overlap. Each piece gets a
*band*, the height in which it alone is painted; uniting the outlines instead is wrong in half the cases and slow.
Units are those of the SVG: points, y downwards. Nothing here needs the window's thread.
"""

import itertools
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainterPath, QTransform

_SVG = "{http://www.w3.org/2000/svg}"
_HREF = "{http://www.w3.org/1999/xlink}href"
_COMMAND = re.compile(r"([A-DF-Za-df-z])([^A-DF-Za-df-z]*)")
"""A letter and what follows it; an e is part of a number."""
_NUMBER = re.compile(r"[-+]?(?:\d*\.\d+|\d+\.?)(?:[eE][-+]?\d+)?")
_FURTHER = {"M": "L", "m": "l"}
"""What further groups of numbers after a command mean, where that is another one."""
_NUMBERS_OF = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "Q": 4, "Z": 0}


class SvgError(ValueError):
    """Says that an SVG is not what Typst writes."""


@dataclass(frozen=True)
class Glyph:
    """Is one outline in place. `band` is the (top, bottom) it is painted in, or None for all of it."""

    ink: str
    path: QPainterPath
    bounds: QRectF
    band: tuple[float, float] | None = None


@dataclass(frozen=True)
class Bar:
    """Is a fraction bar from (left, y) to (right, y)."""

    ink: str
    left: float
    right: float
    y: float
    thickness: float

    @property
    def bounds(self) -> QRectF:
        """The rectangle of its ink."""
        return QRectF(self.left, self.y - self.thickness / 2, self.right - self.left, self.thickness)


@dataclass(frozen=True)
class Equation:
    """Is one typeset equation; `boxes` gives the tight rectangle of each ink."""

    width: float
    height: float
    glyphs: tuple[Glyph, ...]
    bars: tuple[Bar, ...]
    boxes: dict[str, QRectF]


def read_equation(svg: str) -> Equation:
    """Returns the equation in an SVG by Typst.

    Raises
    ------
    SvgError
        When something is in it that Typst 0.15 does not write.
    """
    try:
        root = ElementTree.fromstring(svg)
        size = [float(part) for part in root.attrib["viewBox"].split()]
        outlines = {symbol.attrib["id"]: outline(symbol[0].attrib["d"]) for symbol in root.iter(_SVG + "symbol")}
        marks = list(_marks(root, QTransform(), outlines))
    except (ElementTree.ParseError, KeyError, IndexError, ValueError) as error:
        raise SvgError(f"not an equation as Typst 0.15 writes it: {error}") from error
    boxes: dict[str, QRectF] = {}
    for mark in marks:
        boxes[mark.ink] = boxes.get(mark.ink, QRectF()).united(mark.bounds)
    glyphs = tuple(mark for mark in marks if isinstance(mark, Glyph))
    return Equation(size[2], size[3], glyphs, tuple(mark for mark in marks if isinstance(mark, Bar)), boxes)


@lru_cache(maxsize=4096)
def outline(d: str) -> QPainterPath:
    """Returns the path of an SVG `d` attribute: moves, lines, curves; absolute and relative."""
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)
    here = 0.0, 0.0
    for command, numbers in _commands(d):
        here = _draw(path, command, numbers, here)
    return path


def _commands(d: str) -> Iterator[tuple[str, list[float]]]:
    """Yields each command with its numbers; a command letter covers as many groups of numbers as follow."""
    commands: list[tuple[str, str]] = _COMMAND.findall(d)
    for command, arguments in commands:
        size = _NUMBERS_OF.get(command.upper())
        if size is None:
            raise SvgError(f"path command {command!r}")
        numbers = [float(number) for number in _NUMBER.findall(arguments)]
        if len(numbers) == size:
            yield command, numbers
            continue
        if size == 0 or len(numbers) % size:
            raise SvgError(f"{len(numbers)} numbers after {command!r}")
        for start in range(0, len(numbers), size):
            yield _FURTHER.get(command, command) if start else command, numbers[start : start + size]


def _draw(path: QPainterPath, command: str, numbers: list[float], here: tuple[float, float]) -> tuple[float, float]:
    """Draws one command and returns where it ends: asking the path after each of a thousand would cost as much."""
    x, y = here if command.islower() else (0.0, 0.0)
    match command:
        case "c" | "C":
            a, b, c, d, e, f = numbers
            path.cubicTo(x + a, y + b, x + c, y + d, x + e, y + f)
        case "l" | "L":
            path.lineTo(x + numbers[0], y + numbers[1])
        case "h" | "H":
            path.lineTo(x + numbers[0], here[1])
            return x + numbers[0], here[1]
        case "v" | "V":
            path.lineTo(here[0], y + numbers[0])
            return here[0], y + numbers[0]
        case "q" | "Q":
            path.quadTo(x + numbers[0], y + numbers[1], x + numbers[2], y + numbers[3])
        case "m" | "M":
            path.moveTo(x + numbers[0], y + numbers[1])
        case _:
            path.closeSubpath()
            start = path.currentPosition()
            return start.x(), start.y()
    return x + numbers[-2], y + numbers[-1]


def _marks(parent: ElementTree.Element, place: QTransform, outlines: dict[str, QPainterPath]) -> Iterator[Glyph | Bar]:
    for child in parent:
        here = _transform(child.get("transform")) * place
        match child.tag.removeprefix(_SVG):
            case "defs":
                pass
            case "g" if _is_assembly(child):
                yield from _in_bands([_glyph(use, here, outlines) for use in child])
            case "g":
                yield from _marks(child, here, outlines)
            case "use":
                yield _glyph(child, here, outlines)
            case "path":
                yield _shape(child, here)
            case other:
                raise SvgError(f"element {other!r}")


def _transform(text: str | None) -> QTransform:
    if text is None:
        return QTransform()
    kind, _, arguments = text.rstrip(")").partition("(")
    numbers = [float(part) for part in arguments.replace(",", " ").split()]
    if kind == "matrix" and len(numbers) == 6:
        return QTransform(*numbers)
    if kind == "translate" and len(numbers) in (1, 2):
        return QTransform.fromTranslate(numbers[0], [*numbers, 0.0][1])
    raise SvgError(f"transform {text!r}")


def _is_assembly(group: ElementTree.Element) -> bool:
    """Says whether the group is one tall bracket: several pieces over one another."""
    return (
        len(group) > 1
        and all(child.tag == _SVG + "use" for child in group)
        and len({float(child.get("x", "0")) for child in group}) == 1
    )


def _glyph(use: ElementTree.Element, place: QTransform, outlines: dict[str, QPainterPath]) -> Glyph:
    shift = QTransform.fromTranslate(float(use.get("x", "0")), float(use.get("y", "0")))
    path = (shift * place).map(outlines[use.attrib[_HREF].removeprefix("#")])
    return Glyph(use.attrib["fill"], path, path.boundingRect())


def _shape(element: ElementTree.Element, place: QTransform) -> Glyph | Bar:
    path = place.map(outline(element.attrib["d"]))
    ink = element.get("stroke", "none")
    if ink == "none":
        return Glyph(element.attrib["fill"], path, path.boundingRect())
    bounds = path.boundingRect()
    if bounds.height() > 0:
        raise SvgError(f"a stroke that is no horizontal bar: {element.attrib['d']!r}")
    return Bar(ink, bounds.left(), bounds.right(), bounds.top(), float(element.attrib["stroke-width"]))


def _in_bands(pieces: list[Glyph]) -> Iterator[Glyph]:
    """Gives each piece of a tall bracket the height that is its own: the middle of an overlap is the border."""
    pieces = sorted(pieces, key=lambda piece: piece.bounds.top())
    borders = [(above.bounds.bottom() + below.bounds.top()) / 2 for above, below in itertools.pairwise(pieces)]
    tops = [pieces[0].bounds.top() - 1, *borders]
    bottoms = [*borders, pieces[-1].bounds.bottom() + 1]
    for piece, top, bottom in zip(pieces, tops, bottoms, strict=True):
        yield Glyph(piece.ink, piece.path, piece.bounds, (top, bottom))
