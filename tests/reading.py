"""Readers of arithmetic as printed: the law by which parentheses are judged.

sum = [-] product {(+|-) product};  product = power {(dot|times|nothing) power};
power = (number | fraction | "(" sum ")") [exponent] {"/" power}
"""

import re
from fractions import Fraction as Exact

_SUPERSCRIPTS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
_NUMBER = r"\d+(?:\.\d+)?(?:e-?\d+)?"
_TOKEN = re.compile(rf"\s*({_NUMBER}|\\frac|\^|.)")


def text_value(text: str) -> Exact:
    """Returns the value of a line of Unicode arithmetic."""
    text = re.sub("×10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)", lambda m: "e" + m[1].translate(_SUPERSCRIPTS), text)
    text = re.sub("[⁰¹²³⁴⁵⁶⁷⁸⁹]+", lambda m: "^{" + m[0].translate(_SUPERSCRIPTS) + "}", text)
    return _read(text.replace("−", "-").replace("·", "*").replace("×", "*"))


def latex_value(latex: str) -> Exact:
    """Returns the value of arithmetic in LaTeX."""
    latex = re.sub(r"(?<=\d) \\times 10\^\{(-?\d+)\}", r"e\1", latex)  # a power of ten, not a factor of ten
    for command, sign in ((r"\left", ""), (r"\right", ""), (r"\cdot", "*"), (r"\times", "*"), (r"\,", " ")):
        latex = latex.replace(command, sign)
    return _read(latex)


def _read(text: str) -> Exact:
    reader = _Reader(_TOKEN.findall(text))
    result = reader.sum()
    assert not reader.rest, f"not read: {reader.rest}"
    return result


class _Reader:
    def __init__(self, tokens: list[str]) -> None:
        self.rest = tokens

    def sum(self) -> Exact:
        result = -self.product() if self.takes("-") else self.product()
        while self.rest and self.rest[0] in "+-":
            sign = 1 if self.takes("+") else -1 if self.takes("-") else 0
            result += sign * self.product()
        return result

    def product(self) -> Exact:
        result = self.power()
        while self.rest and self.rest[0] not in ("+", "-", ")", "}"):
            self.takes("*")
            result *= self.power()
        return result

    def power(self) -> Exact:
        result = self.atom()
        if self.takes("^"):
            result **= int(self.group())
        while self.takes("/"):
            result /= self.power()
        return result

    def atom(self) -> Exact:
        if self.takes("("):
            result = self.sum()
            assert self.takes(")")
            return result
        if self.takes("\\frac"):
            numerator = self.group()
            return numerator / self.group()
        return Exact(self.rest.pop(0))

    def group(self) -> Exact:
        assert self.takes("{")
        result = self.sum()
        assert self.takes("}")
        return result

    def takes(self, token: str) -> bool:
        if self.rest and self.rest[0] == token:
            self.rest.pop(0)
            return True
        return False
