"""Use case: diagnose an experiment by training it for a while, with as many seeds as are asked for."""

from vgdesk.diagnosis.diagnose import with_confidence
from vgdesk.records.finding import Diagnosis
from vgdesk.spec.base import require_integer
from vgdesk.spec.experiment import Experiment
from vgdesk.study.race import MOST_SEEDS, with_seed, with_steps
from vgdesk.study.trials import trials

STEPS = 200


def diagnose_experiment(
    experiment: Experiment, steps: int | None = None, seeds: int = 1, workers: int | None = None
) -> Diagnosis:
    """Returns the diagnosis of the experiment's own seed, and the verdicts of the following ones beside it.

    Parameters
    ----------
    steps
        Updates to make; by default the experiment's own number, but at most `STEPS`.
    seeds
        How many seeds, counted on from the experiment's own.
    workers
        Number of processes; by default one per core.
    """
    require_integer("seeds", seeds, 1, MOST_SEEDS)
    start = with_steps(experiment, min(experiment.training.steps, STEPS) if steps is None else steps)
    numbers = [(experiment.seed + k) % 2**32 for k in range(seeds)]
    found = dict(trials([with_seed(start, seed) for seed in numbers], workers))
    diagnoses = [found[number].diagnosis for number in range(seeds)]
    return diagnoses[0] if seeds == 1 else with_confidence(diagnoses[0], numbers, diagnoses)
