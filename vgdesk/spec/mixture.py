"""A mixture: the activations of a layer whose units differ, as one word for theory, e.g. "mix: 3 relu & tanh".

Of a wide layer only the *shares* of its activations enter, so a mixture is the activations of the units and how many
have each; a count of 1 is left out. It stands where theory takes an activation by name (`vgdesk.theory.moments`). It is
no activation of a unit: a layer says unit by unit what it has.
"""

import math
import re
from functools import cache

from vgdesk.errors import SpecError
from vgdesk.spec.activation import facts_of, require_activation
from vgdesk.spec.layer import MAX_WIDTH, DenseLayer

MIXTURE = "mix:"
"""What a mixture begins with."""
MOST_ACTIVATIONS = 64
_PART = re.compile(r"(?:(\d{1,6}) +)?(.+)", re.DOTALL)
_MOST_TOLD = 3


def layer_mixture(layer: DenseLayer) -> str:
    """Returns the activation of a layer, or the mixture of those of its units; counts have no common divisor."""
    if not layer.unit_activations:
        return layer.activation
    counts = {name: round(share * layer.width) for name, share in layer.shares.items()}
    return _spelled(counts)


def is_mixture(activation: str) -> bool:
    """Whether this is a mixture rather than one activation."""
    return activation.startswith(MIXTURE)


@cache
def parts_of(activation: str) -> tuple[tuple[str, float], ...]:
    """Returns the activations of a mixture with their shares of the units; one with the share 1 of any other word.

    Raises
    ------
    SpecError
        A part is no activation, is PReLU, whose slope belongs to a whole layer, or there are fewer than two of them.
    """
    if not is_mixture(activation):
        return ((activation, 1.0),)
    counts = _counts(activation)
    total = sum(counts.values())
    return tuple((name, count / total) for name, count in counts.items())


def settled(activation: str) -> str:
    """Returns an activation or a mixture in its one form, by which two that are the same are equal."""
    return _spelled(_counts(activation)) if is_mixture(activation) else activation


def words_of(activation: str) -> str:
    """Returns what people call an activation or a mixture: "tanh", "a mix of 75% ReLU and 25% tanh"."""
    if not is_mixture(activation):
        return facts_of(activation).words
    parts = sorted(parts_of(activation), key=lambda part: -part[1])
    told = [f"{100 * share:.3g}% {facts_of(name).words}" for name, share in parts[:_MOST_TOLD]]
    if len(parts) > _MOST_TOLD:
        return f"a mix of {', '.join(told)} and {len(parts) - _MOST_TOLD} more"
    return f"a mix of {', '.join(told[:-1])} and {told[-1]}"


def _spelled(counts: dict[str, int]) -> str:
    divisor = math.gcd(*counts.values())
    told = (f"{count // divisor} {name}" if count > divisor else name for name, count in sorted(counts.items()))
    return f"{MIXTURE} {' & '.join(told)}"


def _counts(mixture: str) -> dict[str, int]:
    counts: dict[str, int] = {}
    texts = mixture.removeprefix(MIXTURE).split("&")
    if not 2 <= len(texts) <= MOST_ACTIVATIONS:
        raise SpecError(
            f"a mixture must hold 2 to {MOST_ACTIVATIONS} activations with & between them, such as "
            f"'mix: 3 relu & tanh', got {mixture[:80]!r}"
        )
    for text in texts:
        found = _PART.fullmatch(text.strip())
        name, count = (found[2], int(found[1] or 1)) if found else ("", 1)
        require_activation("activation of a mixture", name)
        if name == "prelu":
            raise SpecError("activation of a mixture must not be prelu, whose slope is learned for the whole layer")
        if not 1 <= count <= MAX_WIDTH:
            raise SpecError(f"number of units with {name} in a mixture must be from 1 to {MAX_WIDTH}, got {count}")
        counts[name] = counts.get(name, 0) + count
    if len(counts) < 2:
        raise SpecError(f"a mixture must hold two different activations or more, got only {next(iter(counts))}")
    return counts
