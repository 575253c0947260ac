"""Reads sentences aloud as `spoken` reads formulas: a note's "w1" and "η = 0.5" are "w 1" and "eta equals 0.5".

Sentences come as text, so names are known by their looks: one letter and a number. A unit may be called "h1" by its
owner; what formulas say in one word stays one word here.
"""

import re
from collections.abc import Collection

from vgdesk.present.formula.notation import GREEK_NAME, greek_name
from vgdesk.present.formula.spoken import IN_TEXT

_SAID = IN_TEXT | {"/": "over", "·": "times", "→": "to"}
_LETTER = "A-Za-z" + "".join(GREEK_NAME)
_NAME = re.compile(rf"(?<![{_LETTER}\d_.])([{_LETTER}])(\d+)(?![{_LETTER}\d_])")
_RAISED = re.compile(r"(?<=\d)×10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)")
_LINE = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
_POWER = re.compile(r"(?<=\d)e([+-]?)0*(\d+)\b")
_GREEK = re.compile(f"[{''.join(GREEK_NAME)}]")
_NEGATIVE = re.compile(r"(?<![\w.])[-−](?=[\d.])")


def prose_spoken(text: str, whole: Collection[str] = ()) -> str:
    """Returns a sentence in words; `whole` are names such as "h1" that are read as one word."""
    said = _POWER.sub(_to_the_power, _RAISED.sub(lambda power: f"e{power[1].translate(_LINE)}", text))
    said = _NAME.sub(lambda name: name[0] if name[0] in whole else f"{name[1]} {name[2]}", said)
    said = _GREEK.sub(lambda letter: greek_name(letter[0]), _NEGATIVE.sub("minus ", said))
    return " ".join(_SAID.get(word, word) for word in said.split())


def _to_the_power(exponent: re.Match[str]) -> str:
    return f" times 10 to the {'minus ' if exponent[1] == '-' else ''}{exponent[2]}"
