"""Start values of single parameters, given by name in place of what the rule draws.

Names are those of `vgdesk derive --wrt`: "u1" is the first number of a recurrent network's W_hh, "gate_W2_1_3" belongs
to a highway's gate. A feed-forward network without gates may give all its numbers in order instead: `Explicit`.
"""

from vgdesk.errors import SpecError
from vgdesk.spec.base import Spec, require_finite

LONGEST_NAME = 40
MOST_VALUES = 10_000


class StartValue(Spec, frozen=True):
    """Gives one parameter the number it starts at."""

    name: str
    value: float

    def __post_init__(self) -> None:
        if not 1 <= len(self.name) <= LONGEST_NAME or not self.name.isprintable():
            raise SpecError(f"name of a start value must hold 1 to {LONGEST_NAME} characters, got {self.name[:60]!r}")
        require_finite(f"start value of {self.name}", self.value)


def require_start_values(values: tuple[StartValue, ...]) -> None:
    """Raises `SpecError` where a parameter has two start values, or there are too many."""
    if len(values) > MOST_VALUES:
        raise SpecError(f"start_values must be at most {MOST_VALUES:,}, got {len(values):,}")
    seen: set[str] = set()
    for one in values:
        if one.name in seen:
            raise SpecError(f"start_values must name each parameter once, got {one.name} twice")
        seen.add(one.name)
