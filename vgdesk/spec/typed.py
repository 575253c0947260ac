"""Numbers as people type them: digits, sign, point and exponent, and nothing else that Python would take.

`float` reads "1_0" as 10 and the digits of any script; a slip of the finger must not become another number.
"""

import math
import re

from vgdesk.errors import SpecError, shortened

_WHOLE = re.compile(r"\s*[+-]?[0-9]+\s*", re.ASCII)
_REAL = re.compile(r"\s*[+-]?(([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]+)?|nan|inf)\s*", re.ASCII | re.IGNORECASE)


def whole_number(text: str) -> int:
    """Returns a typed whole number; raises ValueError where it is none."""
    if not _WHOLE.fullmatch(text):
        raise ValueError(f"{text[:80]!r} is no whole number")
    return int(text)


def real_number(text: str) -> float:
    """Returns a typed number, nan and inf among them, which its taker may refuse; raises ValueError of others."""
    if not _REAL.fullmatch(text):
        raise ValueError(f"{text[:80]!r} is no number")
    return float(text)


def is_too_large(text: str, value: float) -> bool:
    """Whether digits were typed for a number beyond float64, so that "got inf" would repeat what nobody has typed."""
    return math.isinf(value) and any(map(str.isdigit, text))


def named_number(what: str, text: str) -> float:
    """Returns the number typed for `what`; raises `SpecError` that names both where it is none, or beyond float64."""
    try:
        value = real_number(text)
    except ValueError:
        raise SpecError(f"{what} must be a number, got {shortened(text)!r}") from None
    if is_too_large(text, value):
        raise SpecError(f"{what} must be a number up to 1.8e308 in size, got {shortened(text)!r}")
    return value
