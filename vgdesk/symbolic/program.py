"""A gradient as a program that anyone can run: in NumPy with float64, in SymPy with 50 digits.

The program holds the lines of both passes that the gradient needs, in order, one assignment each, after the numbers of
inputs, targets and parameters; the composed expression is never formed. It prints the gradient.
"""

from collections.abc import Iterator
from typing import Any

import sympy as sp
from sympy.printing.numpy import NumPyPrinter
from sympy.printing.pycode import SymPyPrinter

from vgdesk.symbolic.evaluate import Values
from vgdesk.symbolic.intermediates import Learned, Unfolded
from vgdesk.symbolic.reverse import Line, symbols_of

_DIGITS = 50


class _NumPy(NumPyPrinter):
    """Prints what NumPy lacks by Python's own `math`, and a case distinction as Python has it."""

    def _print_ncdf(self, expr: Any) -> str:
        return f"(math.erfc(-({self._print(expr.args[0])})/math.sqrt(2))/2)"

    def _print_erf(self, expr: Any) -> str:
        return f"math.erf({self._print(expr.args[0])})"

    def _print_Piecewise(self, expr: Any) -> str:  # noqa: N802 - SymPy finds it by this name
        text = self._print(expr.args[-1][0])
        for value, condition in reversed(expr.args[:-1]):
            text = f"(({self._print(value)}) if ({self._print(condition)}) else ({text}))"
        return text


class _SymPy(SymPyPrinter):
    """Writes the functions that only we, or only SymPy's code generator, name by those that everybody has."""

    def _module_format(self, fqn: str, register: bool = True) -> str:
        """Writes sympy.exp, not the path of the file in which it is defined."""
        return f"sympy.{fqn.rpartition('.')[2]}"

    def _print_ncdf(self, expr: Any) -> str:
        return f"(sympy.erfc(-({self._print(expr.args[0])})/sympy.sqrt(2))/2)"

    def _print_log1p(self, expr: Any) -> str:
        return f"sympy.log(1 + {self._print(expr.args[0])})"

    def _print_expm1(self, expr: Any) -> str:
        return f"(sympy.exp({self._print(expr.args[0])}) - 1)"

    # SymPy finds it by this name, and declares it to return a literal, which only its own text could be.
    def _print_Piecewise(self, expr: Any) -> str:  # noqa: N802 # pyright: ignore[reportIncompatibleMethodOverride]
        rows = (f"({self._print(value)}, {self._print(condition)})" for value, condition in expr.args)
        return f"sympy.Piecewise({', '.join(rows)})"

    def _print_And(self, expr: Any) -> str:  # noqa: N802 - SymPy finds it by this name
        return f"sympy.And({', '.join(map(self._print, expr.args))})"

    def _print_Or(self, expr: Any) -> str:  # noqa: N802 - SymPy finds it by this name
        return f"sympy.Or({', '.join(map(self._print, expr.args))})"

    def _print_Rational(self, expr: Any) -> str:  # noqa: N802 - SymPy finds it by this name
        return f"sympy.Rational({expr.p}, {expr.q})"

    _print_Half = _print_Rational  # noqa: N815 - SymPy finds it by this name


def numpy_program(unfolded: Unfolded, wrt: Learned, values: Values) -> str:
    """Returns a program of NumPy's float64 that prints dL/d(wrt)."""
    printer = _NumPy({"fully_qualified_modules": True})
    lines = list(_needed(unfolded, wrt.name))
    return "\n".join(
        [
            f"# dL/d{wrt.name} by the chain rule, line by line (vgdesk).",
            "import math",
            "",
            "import numpy",
            "",
            *(f"{name} = numpy.float64({float(values[name])!r})" for name in _given(lines)),
            "",
            *(f"{target} = {printer.doprint(expression)}" for target, expression in lines),
            f"print(repr(float(dL_{wrt.name})))",
            "",
        ]
    )


def sympy_program(unfolded: Unfolded, wrt: Learned, values: Values) -> str:
    """Returns a program of SymPy that prints dL/d(wrt) with 50 digits; its lines are exact expressions."""
    printer = _SymPy({"fully_qualified_modules": True})
    lines = list(_needed(unfolded, wrt.name))
    names = [*_given(lines), *(str(target) for target, _ in lines)]
    return "\n".join(
        [
            f"# dL/d{wrt.name} by the chain rule, line by line (vgdesk).",
            "import sympy",
            "",
            *(f'{name} = sympy.Symbol("{name}", real=True)' for name in names),
            "",
            "values = {",
            *(f"    {name}: sympy.Float({float(values[name])!r}, {_DIGITS})," for name in _given(lines)),
            "}",
            "lines = [",
            *(f"    ({target}, {printer.doprint(expression)})," for target, expression in lines),
            "]",
            "for target, expression in lines:",
            f"    values[target] = sympy.sympify(expression).xreplace(values).evalf({_DIGITS})",
            f"print(values[dL_{wrt.name}])",
            "",
        ]
    )


def _needed(unfolded: Unfolded, name: str) -> Iterator[Line]:
    """Yields the lines that the gradient by a parameter needs, in order; one that nothing reads is the line 0."""
    lines = [*unfolded.forward, *unfolded.backward]
    wanted = {f"dL_{name}"}
    for target, expression in reversed(lines):
        if str(target) in wanted:
            wanted.update(map(str, symbols_of(expression)))
    kept = [line for line in lines if str(line[0]) in wanted]
    yield from kept or [(sp.Symbol(f"dL_{name}", real=True), sp.Integer(0))]


def _given(lines: list[Line]) -> list[str]:
    """Returns the symbols that no line defines: inputs, targets, parameters."""
    defined = {str(target) for target, _ in lines}
    read = dict.fromkeys(str(symbol) for _, expression in lines for symbol in symbols_of(expression))
    return [name for name in read if name not in defined]
