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
| elu | z, or e^z - 1 below 0 (alpha = 1, where CELU is the same function) |
| selu | lambda times z, or lambda alpha (e^z - 1) below 0 |
| softplus | ln(1 + e^z) |
| log-sigmoid | ln sigmoid(z) = -ln(1 + e^-z) |
| silu | z sigmoid(z), also called swish |
| gelu | z Phi(z), Phi the normal distribution function |
| gelu-tanh | z (1 + tanh(sqrt(2/pi) (z + 0.044715 z^3))) / 2, the approximation under the name GELU in older code |
| mish | z tanh(softplus(z)) |
| hard-swish | z hard-sigmoid(z): 0 below -3, z above 3 |
| identity | z |

At a kink the derivative is the one of the convention: ReLU'(0) = 0, LeakyReLU'(0) = 0.01, PReLU'(0) = a, ELU'(0) = 1,
SELU'(0) = lambda alpha, hard-swish'(-3) = 0, hard-swish'(3) = 1; 0 at both corners of hard-tanh, hard-sigmoid and
ReLU6. ELU with alpha = 1 and softsign have a derivative everywhere.

Beside these names stands an activation of one's own: "formula: z*tanh(log(1+exp(z)))", any formula in z that
`vgdesk.spec.formula` can read. It has no entry in the tables; `activation_facts` tells about every activation.
"""

from typing import TYPE_CHECKING, NamedTuple

from vgdesk.errors import SpecError

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
FORMULA = "formula:"
"""What an activation of one's own begins with."""
_LONGEST_WORDS = 40


def own_formula(activation: str) -> "OwnActivation | None":
    """Returns the formula of an activation of one's own, None for a name of the table.

    Raises
    ------
    FormulaError
        The formula cannot be an activation.
    """
    if not activation.startswith(FORMULA):
        return None
    from vgdesk.spec.formula.examining import own_activation  # the window opens without it

    return own_activation(activation.removeprefix(FORMULA))


def activation_facts(activation: str) -> Facts:
    """Tells about any activation."""
    own = own_formula(activation)
    if own is None:
        return ACTIVATION_FACTS[activation]
    text = own.formula.text
    return Facts(text if len(text) <= _LONGEST_WORDS else f"{text[: _LONGEST_WORDS - 1]}…", "own", own.kinks)


def require_activation(field: str, activation: str, *, learned: bool = True) -> None:
    """Raises `SpecError` unless this is an activation; with `learned` = False PReLU, which learns, is none."""
    names = [name for name in ACTIVATIONS if learned or name != "prelu"]
    if activation not in names and own_formula(activation) is None:
        choice = f"{', '.join(names)}, or a formula in z such as 'formula: z/(1 + exp(-z))'"
        raise SpecError(f"{field} must be one of {choice}; got {activation[:80]!r}")
