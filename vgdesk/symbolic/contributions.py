"""Splits dL/dw of a parameter that may stand in many lines into contributions of two factors each.

With y_1, y_2, ... the intermediates whose lines read w (one per time step, example or unit that shares it):

    dL/dw = sum_k dL/dy_k * dy_k/dw

where the second factor is local: every other symbol of y_k's line is held fixed.
"""

from collections.abc import Iterator

from vgdesk.records.derivation import Contribution, Factor, Place, PlaceKind
from vgdesk.records.formula import Partial, Symbol
from vgdesk.symbolic.evaluate import Values, as_formula, value_of
from vgdesk.symbolic.intermediates import Learned, Unfolded
from vgdesk.symbolic.network import named
from vgdesk.symbolic.reverse import Line


def contribution_factors(
    unfolded: Unfolded, wrt: Learned, values: Values
) -> tuple[tuple[Factor, ...], tuple[Contribution, ...]]:
    """Returns all factors, two per contribution, and the contributions, nearest the loss first."""
    factors: list[Factor] = []
    contributions: list[Contribution] = []
    for use in unfolded.uses(wrt.name):
        pair = tuple(_factors(unfolded, wrt, use, values, len(factors) + 1))
        product = values[f"dL_{use[0]}"] * value_of(unfolded.local(*use, named(wrt.name)), values)
        factors.extend(pair)
        contributions.append(
            Contribution(
                factors=tuple(factor.id for factor in pair),
                place=pair[1].place,
                value=float(product),
                number=as_formula(product),
            )
        )
    return tuple(factors), tuple(contributions)


def _factors(unfolded: Unfolded, wrt: Learned, use: Line, values: Values, number: int) -> Iterator[Factor]:
    target, expression = use
    reader = unfolded.intermediates[str(target)]
    adjoints = dict(unfolded.backward)
    arriving, local = named(f"dL_{target}"), unfolded.local(target, expression, named(wrt.name))
    for id_number, meaning, rule, value, place, spoken in (
        (
            number,
            unfolded.symbols[f"dL_{target}"],
            adjoints[arriving],
            values[str(arriving)],
            reader.place,
            f"the partial of L by {reader.words}",
        ),
        (
            number + 1,
            Partial(reader.symbol, wrt.symbol),
            local,
            value_of(local, values),
            place_of_use(wrt, reader.place),
            f"the partial of {reader.words} by {wrt.words}",
        ),
    ):
        yield Factor(
            id=f"d{id_number}",
            symbol=Symbol("d", str(id_number)),
            meaning=meaning,
            closed_form=unfolded.spell(rule),
            value=float(value),
            number=as_formula(value),
            place=place,
            spoken=spoken,
        )


def place_of_use(wrt: Learned, reader: Place) -> Place:
    """Returns the parameter's own place, at the time step of the line that reads it where it belongs to all of them."""
    if wrt.place.layer or wrt.place.kind not in (PlaceKind.EDGE, PlaceKind.BIAS):
        return wrt.place
    return Place(wrt.place.kind, reader.layer, wrt.place.unit, wrt.place.source)
