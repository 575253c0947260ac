"""The formulas of one's own as they are printed: phi(z) = z tanh(ln(1 + e^z)), and which of several is phi_2.

Without SymPy: what was typed stays in the order in which it was typed. Where a network has several different formulas,
each has a number, in the order of the layers; a single one is phi.
"""

from collections.abc import Sequence

from vgdesk.records.derivation import DerivationStep, StepKind
from vgdesk.records.formula import (
    Bracket,
    Call,
    Cases,
    Formula,
    Fraction,
    Negative,
    Number,
    Power,
    Product,
    Relation,
    Sum,
    Symbol,
    Text,
)
from vgdesk.spec.activation import FORMULA, own_formula
from vgdesk.spec.formula.examining import OwnActivation
from vgdesk.spec.formula.plain import plain_slope
from vgdesk.spec.formula.tree import Constant, Operation, Tree, Variable, size_of

LARGEST_SHOWN = 150
"""A formula of more nodes is not written out: nobody would read it."""
_DIGITS = 6
_NAMES = {"sigmoid": "sigma", "log": "ln"}
_E, _ONE = Symbol("e"), Number(1.0)


def own_formulas(activations: Sequence[str]) -> dict[str, OwnActivation]:
    """Returns the different formulas among activations, by their text, in order."""
    found = (own_formula(activation) for activation in dict.fromkeys(activations) if activation.startswith(FORMULA))
    return {own.formula.text: own for own in found if own is not None}


def own_subscript(activation: str, among: Sequence[str]) -> str:
    """Returns the number of a formula, counting from 1, among a network's activations; "" for the only one."""
    texts = list(own_formulas(among))
    own = own_formula(activation)
    return str(texts.index(own.formula.text) + 1) if own and len(texts) > 1 and own.formula.text in texts else ""


def definition_step(activations: Sequence[str]) -> DerivationStep | None:
    """Returns the step that says what phi and phi' are, or None where no activation is a formula of one's own."""
    own = own_formulas(activations)
    if not own:
        return None
    lines = [
        line for text, one in own.items() for line in definitions(one, own_subscript(f"{FORMULA} {text}", activations))
    ]
    settings = ", ".join(f"{name} = {value:g}" for one in own.values() for name, value in one.formula.parameters)
    title = "Your own activation" if len(own) == 1 else "Your own activations"
    note = f"With {settings}." if settings else ""
    return DerivationStep(kind=StepKind.EXPAND, title=title, lines=tuple(lines), note=note, detail=True)


def definitions(own: OwnActivation, subscript: str = "") -> tuple[Formula, ...]:
    """Returns phi(z) = ... as it was typed, and phi'(z) = ... by the rules of calculus; long ones are left out."""
    trees = (own.formula.tree, plain_slope(own))
    return tuple(
        Relation((Call(Symbol("phi", subscript, prime=prime), (Symbol("z"),)), tree_formula(tree)))
        for prime, tree in enumerate(trees)
        if size_of(tree) <= LARGEST_SHOWN
    )


def tree_formula(tree: Tree) -> Formula:
    """Returns the formula of a tree, in the order of the tree."""
    match tree:
        case Variable():
            return Symbol("z")
        case Constant(value=value, name=name):
            return Symbol(name) if name else Number(value, _DIGITS)
        case Operation(name=name, arguments=arguments):
            return _operation(name, tuple(map(tree_formula, arguments)))


def _operation(name: str, parts: tuple[Formula, ...]) -> Formula:
    match name, parts:
        case "+" | "-", (left, right):
            before = left.terms if isinstance(left, Sum) else (left,)
            return Sum((*before, right if name == "+" else Negative(right)))
        case "*", (left, right):
            return _product(left, right)
        case "/", (left, right):
            return Fraction(left, right)
        case "**", (base, exponent):
            return Power(base, exponent)
        case "neg", (inner,):
            return Negative(inner)
        case "where", (condition, then, otherwise):
            rows = otherwise.rows if isinstance(otherwise, Cases) else ((otherwise, Text("otherwise")),)
            return Cases(((then, _condition(condition)), *rows))
        case ">" | ">=", (left, right):
            return Bracket(Relation((left, right), name), square=True)
        case "and" | "or", (left, right):
            return Bracket(Product((_condition(left), Text(name), _condition(right)), "thin"), square=True)
        case _:
            return _function(name, parts)


def _function(name: str, parts: tuple[Formula, ...]) -> Formula:
    match name:
        case "exp":
            return Power(_E, parts[0])
        case "expm1":
            return Sum((Power(_E, parts[0]), Negative(_ONE)))
        case "log1p":
            return Call(Symbol("ln"), (Sum((_ONE, parts[0])),))
        case "sqrt":
            return Power(parts[0], Fraction(_ONE, Number(2.0)))
        case _:
            return Call(Symbol(_NAMES.get(name, name)), parts)


def _product(left: Formula, right: Formula) -> Formula:
    """Returns the product side by side; a dot where two numbers would run together."""
    before = left.factors if isinstance(left, Product) and left.sign == "thin" else (left,)
    if isinstance(right, Number):
        return Product((left, right), "dot")
    return Product((*before, right), "thin")


def _condition(formula: Formula) -> Formula:
    """Returns a comparison without the brackets that it has where it counts as 1 or 0."""
    return formula.body if isinstance(formula, Bracket) and formula.square else formula
