"""The formula of one time step of a recurrent network, with the numbers that training measured.

From the last time step down, |dL/dh_t| = |dL/dh_T| * prod_{k=t}^{T-1} |dL/dh_k| / |dL/dh_{k+1}|; each quotient is one
factor, linked to time step k. What lies behind a quotient is the cell: dL/dh_t = sum over what reads h_t, that is

    rnn, gru    (dh_{t+1}/dh_t)^T dL/dh_{t+1}      all that the next step makes of h_t leaves it in h_{t+1}
    lstm        (da_{t+1}/dh_t)^T dL/da_{t+1}      a: the sums below all four gates, W_hh h_t and more; what c_{t+1}
                                                   makes of them goes on to c_{t+2} past h_{t+1}, too
    output      + (da_{y,t}/dh_t)^T dL/da_{y,t}    where it is read; a_y: the sum below the output
"""

from collections.abc import Iterator

from vgdesk.present.backward_product import (
    NO_MEAN,
    magnitude_factor,
    mean_factor,
    product_lines,
    quotient_of,
    quotients,
    telescope,
)
from vgdesk.present.formula.numbers import number_text
from vgdesk.present.sheet import equation_sheet
from vgdesk.present.sheet_scene import EquationSheet
from vgdesk.records.derivation import Derivation, DerivationStep, Factor, Place, PlaceKind, StepKind
from vgdesk.records.formula import (
    Formula,
    Norm,
    Partial,
    Power,
    Product,
    Relation,
    Sum,
    Symbol,
)
from vgdesk.records.magnitude import magnitude, value
from vgdesk.records.profile import GradientProfile
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.recurrent import Recurrent

_WAYS = {
    "rnn": "W_hh and the slope of the activation",
    "lstm": "W_hh from the sums a below the gates i, f, g, o; to those it comes from h and, past h, from the cell c, "
    "which hands its gradient on times the forget gate",
    "gru": "the gates, times W_hh, and directly times the update gate z",
}


def time_sheet(experiment: Experiment, state: GradientProfile, time_step: int) -> EquationSheet:
    """Returns the sheet of one time step; `state` is the profile of |dL/dh_t|."""
    return equation_sheet(time_derivation(experiment, state, time_step))


def time_derivation(experiment: Experiment, state: GradientProfile, time_step: int) -> Derivation:
    """Returns the derivation; factors are the quotients |dL/dh_k| / |dL/dh_{k+1}| from the last time step down."""
    log10 = [float(number) for number in state.log10_norm]
    last = len(log10)
    at_last = magnitude_factor(1, last, _size(last), log10[-1], f"the norm of the gradient at time step {last}")
    factors = (at_last, *quotients(log10, time_step, quotient_of(_size), _passed_on))
    return Derivation(
        experiment=experiment.name,
        title=f"Time step {time_step} of {last}",
        wrt=f"h of time step {time_step}",
        wrt_symbol=_h(time_step),
        wrt_place=Place(PlaceKind.LAYER, time_step),
        value=value(log10[time_step - 1]),
        log10_magnitude=log10[time_step - 1],
        factors=factors,
        steps=tuple(_steps(experiment, log10, state.step, time_step, factors)),
    )


def _steps(
    experiment: Experiment, log10: list[float], step: int, time_step: int, factors: tuple[Factor, ...]
) -> Iterator[DerivationStep]:
    last = len(log10)
    if time_step < last:
        yield DerivationStep(
            kind=StepKind.CHAIN_RULE,
            title=f"Gradient that reaches time step {time_step}, step {step}",
            lines=(_backward_rule(experiment, time_step),),
            note=_way(experiment, time_step),
        )
        yield DerivationStep(
            kind=StepKind.NAME, title="From the last time step down", lines=(telescope(_size, time_step, last),)
        )
        lines = tuple(product_lines(_size(time_step), factors))
        yield DerivationStep(kind=StepKind.SUBSTITUTE, title="Measured factors", lines=lines)
    yield DerivationStep(
        kind=StepKind.RESULT,
        title="Result",
        lines=(Relation((_size(time_step), magnitude(log10[time_step - 1]))),),
        note=_note(time_step, log10),
    )


def _way(experiment: Experiment, time_step: int) -> str:
    own = "; the output, which is read here, adds its own" if _is_read(experiment, time_step) else ""
    return f"The gradient comes back through {_WAYS[_cell_kind(experiment)]}{own}."


def _note(time_step: int, log10: list[float]) -> str:
    last = len(log10)
    if time_step == last:
        return "The last time step: nothing lies between it and the output."
    mean = mean_factor(log10, time_step)
    if mean is None:
        return NO_MEAN
    many = last - time_step
    factor = number_text(mean)
    passed = f"{many} steps back pass on a factor of {factor} each" if many > 1 else f"One step back passes on {factor}"
    return f"{passed}{' (geometric mean)' if many > 1 else ''}."


def _backward_rule(experiment: Experiment, time_step: int) -> Formula:
    reader = Symbol("a" if _cell_kind(experiment) == "lstm" else "h", str(time_step + 1), bold=True)
    terms = [_through(reader, time_step)]
    if _is_read(experiment, time_step):
        terms.append(_through(Symbol("a", f"y,{time_step}", bold=True), time_step))
    return Relation((_gradient(time_step), Sum(tuple(terms)) if len(terms) > 1 else terms[0]))


def _through(reader: Symbol, time_step: int) -> Formula:
    """Returns what the state gets from `reader`, which reads it."""
    back = Power(Partial(reader, _h(time_step)), Symbol("top"))
    return Product((back, Partial(Symbol("L"), reader)), "thin")


def _cell_kind(experiment: Experiment) -> str:
    return experiment.network.cell_kind if isinstance(experiment.network, Recurrent) else "rnn"


def _is_read(experiment: Experiment, time_step: int) -> bool:
    network = experiment.network
    return isinstance(network, Recurrent) and time_step > network.steps - network.output_steps


def _passed_on(k: int) -> str:
    return f"what time step {k + 1} passes on to time step {k}"


def _size(time_step: int | str) -> Formula:
    return Norm(_gradient(time_step))


def _gradient(time_step: int | str) -> Formula:
    return Partial(Symbol("L"), _h(time_step))


def _h(time_step: int | str) -> Symbol:
    return Symbol("h", str(time_step), bold=True)
