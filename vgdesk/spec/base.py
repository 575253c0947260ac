"""The common form of every spec: immutable, keyword-only, no unknown fields, and checks that speak in one sentence."""

import math
from collections.abc import Collection
from typing import Any

import msgspec

from vgdesk.errors import SpecError, shortened


class Spec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Is the base of all specs. Equality is by value; invalid values raise `SpecError` at construction."""


def require_choice(field: str, value: str, allowed: Collection[str]) -> None:
    """Raises `SpecError` unless `value` is one of `allowed`."""
    if value not in allowed:
        raise SpecError(f"{field} must be one of {', '.join(allowed)}; got {shortened(value)!r}")


def require_integer(field: str, value: Any, low: int, high: int) -> None:
    """Raises `SpecError` unless `value` is an integer in [low, high]."""
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise SpecError(f"{field} must be an integer from {low} to {high}, got {value!r}")


def require_finite(field: str, value: Any, low: float = -math.inf, high: float = math.inf) -> None:
    """Raises `SpecError` unless `value` is a finite number in [low, high]."""
    if not isinstance(value, int | float) or not math.isfinite(value) or not low <= value <= high:
        span = "" if (low, high) == (-math.inf, math.inf) else f" from {_plain(low)} to {_plain(high)}"
        raise SpecError(f"{field} must be a finite number{span}, got {value!r}")


def _plain(bound: float) -> str:
    """Returns a bound as people write it: "1,000,000,000" and not 1e+09."""
    return f"{bound:,.0f}" if 1e4 <= abs(bound) <= 1e9 and bound == int(bound) else f"{bound:g}"
