"""Digits above and below the line, in plain text: 10⁻⁵ and w₁."""

_RAISED = str.maketrans("-−0123456789", "⁻⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def raised(number: int | str) -> str:
    """Returns a number as an exponent: "⁻⁵"; other characters stay as they are."""
    return str(number).translate(_RAISED)


def lowered(number: int | str) -> str:
    """Returns a number as an index: "₁₂"; other characters stay as they are."""
    return str(number).translate(_LOWERED)
