"""What a measurement found, beside what was asked for."""

from dataclasses import dataclass

NOTHING = "—"
_LEAST, _MOST = "≥", "≤"


@dataclass(frozen=True)
class Figure:
    """Is one line of `vgdesk bench`.

    Attributes
    ----------
    what
        What was measured.
    value
        The number found; None where it could not be measured, and `why` says why.
    unit
        "ms", "s", "x" (times as fast), ...; "" for a plain number.
    target
        What was asked for, in the same unit; None where nothing was.
    at_least
        Whether the target is the least (a speed) rather than the most (a duration).
    decimals
        How many are shown.
    of
        What it belongs to, where `what` says only "  against NumPy".
    """

    what: str
    value: float | None
    unit: str
    target: float | None = None
    at_least: bool = False
    decimals: int = 1
    why: str = ""
    of: str = ""

    @property
    def measured(self) -> str:
        """The number with its unit, or why there is none."""
        return self.why if self.value is None else f"{self.value:,.{self.decimals}f}{self._unit}"

    @property
    def asked(self) -> str:
        """The target with its unit and direction."""
        if self.target is None:
            return NOTHING
        return f"{_LEAST if self.at_least else _MOST} {self.target:g}{self._unit}"

    @property
    def is_met(self) -> bool | None:
        """Whether the target is reached; None where there is no target, or no number."""
        if self.value is None or self.target is None:
            return None
        return self.value >= self.target if self.at_least else self.value <= self.target

    @property
    def _unit(self) -> str:
        return self.unit if self.unit in ("", "x") else f" {self.unit}"
