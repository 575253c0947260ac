"""The loss of one example as a formula, in symbols and in numbers."""

from vgdesk.records.formula import Call, Formula, Fraction, Negative, Number, Power, Product, Relation, Sum, Symbol
from vgdesk.spec.experiment import Experiment
from vgdesk.symbolic.notation import LOSS, target_symbol, unit_symbol
from vgdesk.symbolic.substitute import Table, with_numbers

ONE = Number(1.0)


def loss_formula(experiment: Experiment) -> Formula:
    """Returns the right-hand side of L = ... for one example, its factor always written."""
    network = experiment.feed_forward
    width = network.widths[-1]
    pairs = [(unit_symbol(network, network.depth, i), target_symbol(network, i)) for i in range(1, width + 1)]
    if experiment.loss in ("half-mse-sum", "mse"):
        denominator = 2 if experiment.loss == "half-mse-sum" else width
        squares = tuple(Power(Sum((y, Negative(t))), Number(2.0)) for y, t in pairs)
        return _scaled(denominator, squares[0] if width == 1 else Sum(squares))
    if experiment.loss == "bce":
        return _scaled(-width, Sum(tuple(term for y, t in pairs for term in _bce_terms(y, t))))
    chosen = tuple(
        Negative(Product((t, Call(Symbol("ln"), (Symbol("p", str(i)),))))) for i, (_, t) in enumerate(pairs, 1)
    )
    return Sum(chosen)


def loss_lines(experiment: Experiment, table: Table, loss: Formula) -> tuple[Formula, ...]:
    """Returns L = formula = formula with numbers = value."""
    formula = loss_formula(experiment)
    lines: list[Formula] = [Relation((LOSS, formula))]
    if experiment.loss == "softmax-cross-entropy":
        lines.extend(_softmax_lines(experiment))
    return (*lines, Relation((LOSS, with_numbers(formula, table), loss)))


def _scaled(denominator: int, body: Formula) -> Formula:
    if denominator == 1:
        return body
    fraction = Fraction(ONE, Number(float(abs(denominator))))
    if denominator == -1:
        return Negative(body)
    scaled = Product((fraction, body), "thin")
    return Negative(scaled) if denominator < 0 else scaled


def _bce_terms(y: Formula, t: Formula) -> tuple[Formula, Formula]:
    complement = Sum((ONE, Negative(y)))
    return (
        Product((t, Call(Symbol("ln"), (y,)))),
        Product((Sum((ONE, Negative(t))), Call(Symbol("ln"), (complement,)))),
    )


def _softmax_lines(experiment: Experiment) -> list[Formula]:
    network = experiment.feed_forward
    exponentials = [
        Power(Symbol("e"), unit_symbol(network, network.depth, i)) for i in range(1, network.widths[-1] + 1)
    ]
    total = exponentials[0] if len(exponentials) == 1 else Sum(tuple(exponentials))
    return [Relation((Symbol("p", str(i)), Fraction(e, total))) for i, e in enumerate(exponentials, start=1)]
