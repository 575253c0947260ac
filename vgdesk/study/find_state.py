"""Use case: which inputs, weights and biases give chosen factors of a derivation chosen values?

1. The ranges of the factors (interval arithmetic over the local rules) say which targets are impossible.
2. Least squares over the generated program, from the network's own numbers and from seeded starts around them; of the
   solutions the one nearest to the network's own numbers is kept and drawn nearer along the solutions.
3. Newton's method with 60 digits on as many of the numbers as there are targets, then float64 neighbours are tried
   until the derivation shows the targets to the last digit, or as near as float64 numbers come.
"""

from collections.abc import Mapping, Sequence

from vgdesk.errors import SpecError
from vgdesk.records.found_state import Change, FoundState, Interval, SearchOutcome, WantedFactor
from vgdesk.records.learned_names import learned_names
from vgdesk.spec.base import require_finite
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.task import Examples
from vgdesk.study.derive import derived_example
from vgdesk.study.found_experiment import experiment_with, movable_inputs
from vgdesk.study.state_search import STARTS, Search
from vgdesk.symbolic.factor_system import FactorSystem, factor_system, require_factor
from vgdesk.symbolic.layers import couples_examples
from vgdesk.symbolic.shared import given_numbers
from vgdesk.training.parameters import draw

GROUPS = ("weights", "biases", "others", "inputs")
"""Others are gates, scales, shifts and slopes. Inputs move where the task lists examples and each stands for itself."""


def find_state(
    experiment: Experiment, wrt: str, targets: Mapping[str, float], free: Sequence[str] = (), example: int = 1
) -> FoundState:
    """Looks for a state in which factors of dL/d(wrt) have given values; everything else stays as it is.

    Parameters
    ----------
    targets
        Value of each factor by its id in the derivation, "d1".
    free
        What may be moved: names of parameters and inputs, or the words of `GROUPS`; by default all parameters, and the
        example's inputs where the task lists its examples.
    example
        Which example, counting from 1.

    Raises
    ------
    SpecError
        A name that does not exist, or an input that cannot be moved.
    DerivationTooLarge
        The network is too large to be read.
    """
    data = derived_example(experiment, example)
    rows = slice(None) if couples_examples(experiment) else slice(example - 1, example)
    system = factor_system(experiment, wrt, len(data.inputs[rows]))
    _require_targets(system, targets)
    chosen = system.chosen(list(targets))
    numbers = given_numbers(experiment, draw(experiment), data.inputs[rows], data.targets[rows])
    names = movable_inputs(experiment)
    spelt = {name: symbol for symbol, name in names.items()}
    loose = [spelt.get(name, name) for name in free_names(experiment, free)]
    moved = [name for name in loose if name in chosen.given]
    search = Search(chosen, {name: numbers[name] for name in chosen.given}, moved, targets)
    wanted = _wanted(chosen, search, set(moved))
    if not all((factor.depends and factor.is_possible) or factor.before == factor.target for factor in wanted):
        return FoundState(wrt=wrt, outcome=SearchOutcome.IMPOSSIBLE, wanted=wanted)
    state = search.run()
    if state is None:
        return FoundState(wrt=wrt, outcome=SearchOutcome.NOT_FOUND, wanted=wanted, starts=STARTS)
    found = experiment_with(experiment, state, targets, example)
    return FoundState(
        wrt=wrt,
        outcome=SearchOutcome.FOUND,
        wanted=_wanted(chosen, search, set(moved), state),
        experiment=found,
        changes=tuple(_changes(names, moved, numbers, state)),
        starts=STARTS,
    )


def free_names(experiment: Experiment, free: Sequence[str] = ()) -> list[str]:
    """Returns what may be moved, groups spelt out; inputs by their own names.

    Raises
    ------
    SpecError
        When a name is none of the network's.
    """
    groups: dict[str, list[str]] = {group: [] for group in GROUPS}
    for name in learned_names(experiment.network):
        groups[_group(name)].append(name)
    groups["inputs"] = list(movable_inputs(experiment).values())
    chosen = free or (GROUPS if isinstance(experiment.task, Examples) else GROUPS[:-1])
    every = [name for group in groups.values() for name in group]
    for name in chosen:
        if name == "inputs" and not groups["inputs"]:
            raise SpecError(f"the inputs of {experiment.name} stay as they are: they are sequences, or count together")
        if name not in groups and name not in every:
            shown = ", ".join(every if len(every) <= 24 else [*every[:20], "..."])
            raise SpecError(f"unknown free number {name!r}; allowed are {', '.join(GROUPS)} and {shown}")
    return list(dict.fromkeys(name for word in chosen for name in groups.get(word, [word])))


def _group(name: str) -> str:
    """Returns the group of a parameter: "w1", "u1", "v1" are weights, "b1" and "bn1" biases."""
    kind = name.rstrip("0123456789")
    return "weights" if kind in ("w", "u", "v") else "biases" if kind in ("b", "bn") else "others"


def _require_targets(system: FactorSystem, targets: Mapping[str, float]) -> None:
    if not targets:
        raise SpecError(f"give at least one factor a value; this derivation has {', '.join(system.meanings) or 'none'}")
    for name, value in targets.items():
        require_factor(system, name)
        require_finite(f"target of {name}", value)


def _wanted(
    system: FactorSystem, search: "Search", moved: set[str], state: Mapping[str, float] | None = None
) -> tuple[WantedFactor, ...]:
    """Tells of every factor with a target; the ranges are those of what may be moved, whatever was found."""
    anything = Interval(float("-inf"), float("inf"), True, True)
    known = system.ranges(
        {
            name: anything if name in moved else Interval(float(value), float(value))
            for name, value in search.start.items()
        }
    )
    before, after = search.exact(), search.exact(state) if state is not None else {}
    return tuple(
        WantedFactor(
            id=name,
            meaning=meaning,
            before=float(before[name]),
            target=float(search.targets[name]),
            value=float(after.get(name, float("nan"))),
            interval=known[f"factor_{name}"],
            parts=system.parts(name, known, moved),
            depends=system.depends(name, moved),
        )
        for name, meaning in system.meanings.items()
    )


def _changes(
    names: Mapping[str, str], moved: Sequence[str], before: Mapping[str, float], after: Mapping[str, float]
) -> "list[Change]":
    pairs = [(names.get(name, name), float(before[name]), float(after[name])) for name in moved]
    return [Change(name=name, before=old, after=new) for name, old, new in pairs if old != new]
