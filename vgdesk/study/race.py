"""Use case: the experiment as it is against every remedy that applies, on the same seeds and data.

    for race in run_race(experiment): ...        a new `Race` whenever a training has ended; the last one is complete

Ready-made combinations take part, too: what cures deep sigmoids is residual connections *and* batch normalisation.
"""

from collections.abc import Generator, Sequence

import msgspec

from vgdesk.diagnosis.remedies.catalogue import applicable, offer
from vgdesk.errors import SpecError
from vgdesk.records.race import AS_IT_IS, Lane, Race, ranked
from vgdesk.records.remedy import Offer
from vgdesk.spec.base import require_integer
from vgdesk.spec.experiment import Experiment
from vgdesk.study.trials import trials

COMBINATIONS = ("batch-norm+residual",)
STEPS = 500
MOST_SEEDS = 100


def run_race(
    experiment: Experiment,
    only: Sequence[str] = (),
    combinations: Sequence[str] = (),
    steps: int = STEPS,
    seeds: int = 1,
    workers: int | None = None,
) -> Generator[Race, None, None]:
    """Yields the race after each training; closing the generator cancels it.

    Parameters
    ----------
    experiment
        What is sick.
    only
        Names of remedies, or of combinations joined by "+"; by default all that apply, and `COMBINATIONS`.
    combinations
        Further combinations.
    steps
        Updates per training.
    seeds
        How many seeds, counted on from the experiment's own.
    workers
        Number of processes; by default one per core.

    Raises
    ------
    SpecError
        When a remedy is unknown or, being named, does not apply.
    """
    require_integer("seeds", seeds, 1, MOST_SEEDS)
    start = with_steps(experiment, steps)
    lanes = [Lane(name=AS_IT_IS, title=AS_IT_IS, experiment=start)]
    lanes += [_lane(found) for found in _entered(start, only, combinations)]
    numbers = tuple((experiment.seed + k) % 2**32 for k in range(seeds))
    yield from _run(experiment.name, lanes, numbers, steps, workers)


def with_steps(experiment: Experiment, steps: int) -> Experiment:
    """Returns the experiment with another number of updates."""
    return msgspec.structs.replace(experiment, training=msgspec.structs.replace(experiment.training, steps=steps))


def with_seed(experiment: Experiment, seed: int) -> Experiment:
    """Returns the experiment with another seed."""
    return msgspec.structs.replace(experiment, seed=seed)


def _entered(experiment: Experiment, only: Sequence[str], combinations: Sequence[str]) -> list[Offer]:
    """Returns who takes part; what was asked for by name must apply."""
    asked = [offer(experiment, name) for name in dict.fromkeys((*only, *combinations))]
    for found in asked:
        if found.experiment is None:
            raise SpecError(found.reason)
    if only:
        return asked
    ready = [offer(experiment, name) for name in COMBINATIONS if name not in {found.name for found in asked}]
    return [*applicable(experiment), *(found for found in ready if found.experiment is not None), *asked]


def _lane(found: Offer) -> Lane:
    if found.experiment is None:
        raise ValueError(f"{found.name} does not apply")
    return Lane(
        name=found.name,
        title=found.title,
        experiment=found.experiment,
        word=found.word,
        helps=found.helps,
        difference=found.difference,
    )


def _run(
    name: str, lanes: list[Lane], seeds: tuple[int, ...], steps: int, workers: int | None
) -> Generator[Race, None, None]:
    starts = [(place, with_seed(lane.experiment, seed)) for place, lane in enumerate(lanes) for seed in seeds]
    starts.sort(key=lambda start: -_size(start[1]))  # the longest first, so that no core waits for it at the end
    running = trials([experiment for _, experiment in starts], workers)
    done = 0
    try:
        for number, trial in running:
            place, done = starts[number][0], done + 1
            known = (*lanes[place].trials, trial)
            in_order = tuple(sorted(known, key=lambda each: seeds.index(each.seed)))
            lanes[place] = msgspec.structs.replace(lanes[place], trials=in_order)
            order = ranked(tuple(lanes))
            yield Race(experiment=name, lanes=order, seeds=seeds, steps=steps, done=done, total=len(starts))
    finally:
        running.close()


def _size(experiment: Experiment) -> int:
    """Returns about how many steps a training takes, pre-training included."""
    training = experiment.training
    levels = 0 if training.pretraining is None else training.pretraining.steps * len(experiment.feed_forward.layers)
    return training.steps + levels
