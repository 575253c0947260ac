"""Names of numbers and factors in plain text, spelt like the typeset ones beside them: w₁ in place of w1."""

import re

from vgdesk.spec import digits

_NAME = re.compile(r"(?<![\w.])([A-Za-z])([0-9]{1,5})(?![\w.]*\w)")
"""A letter and a number by themselves: no part of "float16", "gamma2_1" or "1e5"."""


def lowered(text: str) -> str:
    """Returns a text with the numbers of "w1", "d2", "W3" below the line; a longer name stays as it is."""
    return _NAME.sub(lambda found: found[1] + digits.lowered(found[2]), text)
