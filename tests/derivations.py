"""Derivations built by hand, so that sheets and views are tested without the symbolic route."""

import math

from vgdesk.records.derivation import Derivation, DerivationStep, Factor, Place, PlaceKind, StepKind
from vgdesk.records.formula import Call, Ink, Number, Partial, Product, Relation, Symbol

LOSS, W1, AWARENESS = Symbol("L"), Symbol("w", "1"), Symbol("Awareness")


def insurance_derivation() -> Derivation:
    """Returns dL/dw1 = dL/dAwareness . dAwareness/dw1 = 0.03 x 0.05 = 0.0015, with two details."""
    d1 = Factor(
        id="d1",
        symbol=Symbol("d", "1"),
        meaning=Partial(LOSS, AWARENESS),
        closed_form=Product((Symbol("w", "9"), Symbol("delta", "y"))),
        value=0.030000000000000002,
        number=Number(0.030000000000000002),
        place=Place(PlaceKind.EDGE, layer=2, unit=1, source=1),
    )
    d2 = Factor(
        id="d2",
        symbol=Symbol("d", "2"),
        meaning=Partial(AWARENESS, W1),
        closed_form=Product((Call(Symbol("sigma", prime=1), (Symbol("z", "Awareness"),)), Symbol("age"))),
        value=0.05,
        number=Number(0.05),
        place=Place(PlaceKind.EDGE, layer=1, unit=1, source=1),
    )
    return derivation((d1, d2), 0.0015, name="insurance", title="Will this person buy insurance?")


def deep_derivation(factors: int = 50) -> Derivation:
    """Returns the chain product of a deep network of one unit per layer."""
    return derivation(tuple(_link(k) for k in range(factors, 0, -1)), 1.44e-14, name="deep", title="A deep chain")


def derivation(factors: tuple[Factor, ...], value: float, name: str, title: str) -> Derivation:
    """Returns the four main steps and one detail per factor, of which the first has a note."""
    gradient = Partial(LOSS, W1)

    def step(kind: StepKind, step_title: str, right: Product | Number) -> DerivationStep:
        return DerivationStep(kind=kind, title=step_title, lines=(Relation((gradient, right)),))

    return Derivation(
        experiment=name,
        title=title,
        wrt="w1",
        wrt_symbol=W1,
        wrt_place=Place(PlaceKind.EDGE, layer=1, unit=1, source=1),
        value=value,
        log10_magnitude=math.log10(abs(value)) if value else -math.inf,
        factors=factors,
        steps=(
            step(StepKind.CHAIN_RULE, "Chain rule", Product(tuple(Ink(f.id, f.meaning) for f in factors))),
            step(StepKind.NAME, "Name the factors", Product(tuple(Ink(f.id, f.symbol) for f in factors))),
            step(
                StepKind.SUBSTITUTE, "Substitute", Product(tuple(Ink(f.id, Number(f.value)) for f in factors), "times")
            ),
            step(StepKind.RESULT, "Result", Number(value)),
            *(_detail(factor) for factor in factors[:2]),
        ),
    )


def _detail(factor: Factor) -> DerivationStep:
    return DerivationStep(
        kind=StepKind.EXPAND,
        title=f"Where {factor.id} comes from",
        lines=(Relation((Ink(factor.id, factor.symbol), factor.closed_form, Number(factor.value))),),
        note="A note long enough to be wrapped in a narrow panel, because people read sentences." * (factor.id == "d1"),
        detail=True,
    )


def _link(k: int) -> Factor:
    value = -0.2 if k % 7 == 0 else 0.25 - k / 1000
    return Factor(
        id=f"d{k}",
        symbol=Symbol("d", str(k)),
        meaning=Partial(Symbol("h", str(k)), Symbol("h", str(k - 1))),
        closed_form=Product((Symbol("w", str(k)), Call(Symbol("sigma", prime=1), (Symbol("z", str(k)),)))),
        value=value,
        number=Number(value),
        place=Place(PlaceKind.UNIT, layer=k, unit=1),
    )
