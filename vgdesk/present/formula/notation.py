"""The letters of a formula: which names are letters, Greek, functions or words.

A name of one Latin letter is a mathematical letter, the name of a Greek letter is that letter, a few names are
functions with a fixed spelling; everything else is a word and stands upright. Names come from users: nothing here, and
no printer, may take a character of a word for a command.
"""

import re
from enum import Enum
from functools import lru_cache

GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "zeta": "ζ", "eta": "η", "theta": "θ",
    "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "omicron": "ο", "pi": "π", "rho": "ρ",
    "sigma": "σ", "tau": "τ", "upsilon": "υ", "phi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω",
    "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Upsilon": "Υ",
    "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",
}  # fmt: skip
GREEK_NAME = {letter: name for name, letter in GREEK.items()}
FUNCTIONS = {
    "relu": "ReLU", "ReLU": "ReLU", "tanh": "tanh", "ln": "ln", "log": "log", "exp": "exp", "max": "max",
    "min": "min", "softmax": "softmax", "id": "id", "erf": "erf", "softsign": "softsign", "softplus": "softplus",
    "hardtanh": "hardtanh", "LeakyReLU": "LeakyReLU", "PReLU": "PReLU", "ELU": "ELU", "CELU": "CELU", "SELU": "SELU",
    "SiLU": "SiLU", "GELU": "GELU", "mish": "mish", "ReLU6": "ReLU6", "hardsigmoid": "hardsigmoid",
    "logsigmoid": "logsigmoid", "hardswish": "hardswish",
}  # fmt: skip
"""Function names and how they are spelled, upright."""
DOTS = "dots"
TRANSPOSED = "top"
"""As the exponent of a `Power` this symbol means "transposed"."""


class NameKind(Enum):
    """What a name is printed as."""

    LETTER = "letter"
    GREEK = "greek"
    FUNCTION = "function"
    DIGITS = "digits"
    DOTS = "dots"
    WORD = "word"


def name_kind(name: str) -> NameKind:
    """Says how `name` is printed."""
    if len(name) == 1 and name.isascii() and name.isalpha():
        return NameKind.LETTER
    if name in GREEK or name in GREEK_NAME:
        return NameKind.GREEK
    if name in FUNCTIONS:
        return NameKind.FUNCTION
    if name.isascii() and name.isdigit():
        return NameKind.DIGITS
    return NameKind.DOTS if name == DOTS else NameKind.WORD


def greek_name(name: str) -> str:
    """Returns the English name of a Greek letter given by name or by itself."""
    return GREEK_NAME.get(name, name)


KEPT = 4096
"""Spellings of parts that are kept: while numbers change, most of a formula stays the same."""

_INDEX = re.compile(r"([A-Za-z0-9]+)((?:[-+=,][A-Za-z0-9]+)*)")


@lru_cache(maxsize=KEPT)
def index_tokens(name: str) -> tuple[str, ...]:
    """Splits an index such as "k-1" or "i,j" into names and signs; anything else is one name.

    A word with a hyphen ("x-ray") is a word: every part of an index is one letter, a Greek letter or a number.
    """
    if not _INDEX.fullmatch(name):
        return (name,)
    tokens = tuple(re.findall(r"[A-Za-z0-9]+|[-+=,]", name))
    is_index = all(token in "-+=," or name_kind(token) is not NameKind.WORD for token in tokens)
    return tokens if is_index else (name,)
