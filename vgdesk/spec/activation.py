"""The activations: their names, how people call them, and where they have kinks. Every other table has these names.

| name | phi(z) |
|---|---|
| sigmoid | 1 / (1 + e^-z) |
| tanh | tanh z |
| softsign | z / (1 + abs z) |
| erf | 2/sqrt(pi) times the integral of e^(-t^2) from 0 to z |
| hard-tanh | z cut off at -1 and 1 |
| hard-sigmoid | (z + 3) / 6 cut off at 0 and 1 |
| relu | max(z, 0) |
| relu6 | max(z, 0) cut off at 6 |
| leaky-relu | z, or 0.01 z below 0 |
| prelu | z, or a z below 0; a is learned, one number per layer, 0.25 at the start |
| elu | z, or alpha (e^z - 1) below 0 |
| celu | z, or alpha (e^(z / alpha) - 1) below 0 |
| selu | lambda times z, or lambda alpha (e^z - 1) below 0 |
| softplus | ln(1 + e^z) |
| log-sigmoid | ln sigmoid(z) = -ln(1 + e^-z) |
| silu | z sigmoid(z), also called swish |
| gelu | z Phi(z), Phi the normal distribution function |
| gelu-tanh | z (1 + tanh(sqrt(2/pi) (z + 0.044715 z^3))) / 2, the approximation under the name GELU in older code |
| mish | z tanh(softplus(z)) |
| hard-swish | z hard-sigmoid(z): 0 below -3, z above 3 |
| identity | z |

ELU and CELU have alpha = 1, where they are the same function, unless the name gives another one: `elu(0.5)`,
`celu(2)`. So an activation with its number is one word, wherever an activation is asked for.

At a kink the derivative is the one of the convention: ReLU'(0) = 0, LeakyReLU'(0) = 0.01, PReLU'(0) = a,
ELU'(0) = alpha, SELU'(0) = lambda alpha, hard-swish'(-3) = 0, hard-swish'(3) = 1; 0 at both corners of hard-tanh,
hard-sigmoid and ReLU6. ELU with alpha = 1, CELU and softsign have a derivative everywhere.

Beside these names stands an activation of one's own: "formula: z*tanh(log(1+exp(z)))", any formula in z that
`vgdesk.spec.formula` can read. It has no entry in the tables; `facts_of` tells about every activation.

Sources: Clevert, Unterthiner & Hochreiter 2016, eq. 16 (ELU); Barron 2017, eq. 2 (CELU).
"""

import re
from collections.abc import Collection
from typing import TYPE_CHECKING, NamedTuple

from vgdesk.errors import FormulaError, SpecError
from vgdesk.spec.base import require_finite

if TYPE_CHECKING:
    from vgdesk.spec.formula.examining import OwnActivation

LEAKY_SLOPE = 0.01
"""Slope of leaky ReLU below 0 (Maas et al. 2013)."""
PRELU_START = 0.25
"""Where the learned slope of PReLU starts (He et al. 2015)."""
SELU_LAMBDA = 1.0507009873554804934193349852946
SELU_ALPHA = 1.6732632423543772848170429916717
"""Klambauer et al. 2017, eq. 14: with them mean 0 and variance 1 are a fixed point."""


class Facts(NamedTuple):
    """Tells about an activation.

    Attributes
    ----------
    words
        What people call it.
    family
        saturating (bounded), rectifying (as ReLU), smooth (rectifying without a corner) or linear.
    kinks
        Arguments at which the derivative jumps.
    """

    words: str
    family: str
    kinks: tuple[float, ...] = ()


ACTIVATION_FACTS: dict[str, Facts] = {
    "sigmoid": Facts("sigmoid", "saturating"),
    "tanh": Facts("tanh", "saturating"),
    "softsign": Facts("softsign", "saturating"),
    "erf": Facts("erf", "saturating"),
    "hard-tanh": Facts("hard tanh", "saturating", (-1.0, 1.0)),
    "hard-sigmoid": Facts("hard sigmoid", "saturating", (-3.0, 3.0)),
    "relu": Facts("ReLU", "rectifying", (0.0,)),
    "relu6": Facts("ReLU6", "saturating", (0.0, 6.0)),
    "leaky-relu": Facts("leaky ReLU", "rectifying", (0.0,)),
    "prelu": Facts("PReLU", "rectifying", (0.0,)),
    "elu": Facts("ELU", "rectifying"),
    "celu": Facts("CELU", "rectifying"),
    "selu": Facts("SELU", "rectifying", (0.0,)),
    "softplus": Facts("softplus", "smooth"),
    "log-sigmoid": Facts("log sigmoid", "smooth"),
    "silu": Facts("SiLU (swish)", "smooth"),
    "gelu": Facts("GELU", "smooth"),
    "gelu-tanh": Facts("GELU (tanh)", "smooth"),
    "mish": Facts("mish", "smooth"),
    "hard-swish": Facts("hard swish", "rectifying", (-3.0, 3.0)),
    "identity": Facts("identity", "linear"),
}
ACTIVATIONS = tuple(ACTIVATION_FACTS)

WITH_ALPHA = ("elu", "celu")
"""Activations whose name may end in an alpha."""
LEAST_ALPHA, MOST_ALPHA = 1e-3, 1e3
_PARAMETRISED = re.compile(rf"({'|'.join(WITH_ALPHA)})\((\d+(?:\.\d+)?(?:e[+-]?\d+)?)\)")
FORMULA = "formula:"
"""What an activation of one's own begins with."""
_LONGEST_WORDS = 40


def family_name(activation: str) -> str:
    """Returns the name without its alpha, which is the one that every table has: "elu" of "elu(0.5)"."""
    found = _PARAMETRISED.fullmatch(activation)
    return found[1] if found else activation


def alpha_of(activation: str) -> float:
    """Returns the alpha that a name gives, 1 where it gives none."""
    found = _PARAMETRISED.fullmatch(activation)
    return float(found[2]) if found else 1.0


def own_formula(activation: str) -> "OwnActivation | None":
    """Returns the formula of an activation of one's own, None for a name, with or without an alpha.

    Raises
    ------
    FormulaError
        The formula cannot be an activation.
    """
    if not activation.startswith(FORMULA):
        return None
    from vgdesk.spec.formula.examining import own_activation  # the window opens without it

    return own_activation(activation.removeprefix(FORMULA))


def facts_of(activation: str) -> Facts:
    """Returns what is told about any activation: a name, a name that ends in an alpha, or a formula."""
    own = own_formula(activation)
    if own is not None:
        text = own.formula.text
        return Facts(text if len(text) <= _LONGEST_WORDS else f"{text[: _LONGEST_WORDS - 1]}…", "own", own.kinks)
    facts, alpha = ACTIVATION_FACTS[family_name(activation)], alpha_of(activation)
    if family_name(activation) == activation:
        return facts
    has_kink = family_name(activation) == "elu" and alpha != 1.0
    return facts._replace(words=f"{facts.words} (α = {alpha:g})", kinks=(0.0,) if has_kink else facts.kinks)


def require_activation(field: str, value: str, allowed: Collection[str] = ACTIVATIONS) -> None:
    """Raises `SpecError` unless `value` is one of `allowed`, with an alpha within its limits, or a formula."""
    try:
        if own_formula(value) is not None:
            return
    except FormulaError as error:
        raise error.of(field) from None
    if family_name(value) not in allowed:
        choice = f"{', '.join(allowed)}, or a formula in z such as 'formula: z/(1 + exp(-z))'"
        raise SpecError(f"{field} must be one of {choice}; got {value[:80]!r}")
    require_finite(f"alpha of {field} {value}", alpha_of(value), LEAST_ALPHA, MOST_ALPHA)
