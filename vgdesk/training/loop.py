"""Training as a plain generator of recorded steps.

    run = train(experiment)
    history = next(run)          one step
    history = run.send(50)       the next fifty

Whoever drives it decides the pace, and may stop between any two calls. However the steps are split, the numbers are the
same, bit for bit.
"""

from collections.abc import Generator

from vgdesk.errors import SpecError
from vgdesk.kernels.trainer import FusedTrainer
from vgdesk.records.codec import frozen
from vgdesk.records.history import GradientHistory, RunOutcome
from vgdesk.records.parameters import Parameters
from vgdesk.spec.experiment import Experiment
from vgdesk.training.data import BatchOrder, load_parts
from vgdesk.training.network import kernel_network
from vgdesk.training.parameters import draw


class Trainer:
    """Trains one experiment from its first step to its last.

    Parameters
    ----------
    experiment
        What to train.
    parameters
        Where to start; by default the experiment's own draw.

    Raises
    ------
    SpecError
        When the parameters do not fit the network.
    """

    def __init__(self, experiment: Experiment, parameters: Parameters | None = None) -> None:
        start = draw(experiment) if parameters is None else parameters
        data, training = load_parts(experiment).training, experiment.training
        batch = training.batch_of(len(data.inputs))
        self._experiment = experiment
        self._steps = 0
        self._outcome = RunOutcome.RUNNING
        self._order = BatchOrder(len(data.inputs), batch, training.shuffle, experiment.seed)
        try:
            self._kernel = FusedTrainer(
                kernel_network(experiment),
                start.weights,
                start.biases,
                data.inputs,
                data.targets,
                rate=training.optimiser.learning_rate,
                batch=batch,
                precision=training.precision,
            )
        except ValueError as error:
            raise SpecError(str(error)) from None

    @property
    def steps(self) -> int:
        """Number of steps recorded so far."""
        return self._steps

    @property
    def remaining(self) -> int:
        """Number of steps still to make; 0 once the run has ended, for whatever reason."""
        return 0 if self._outcome != RunOutcome.RUNNING else self._experiment.training.steps - self._steps

    @property
    def outcome(self) -> RunOutcome:
        """How the run ended, or that it goes on."""
        return self._outcome

    @property
    def parameters(self) -> Parameters:
        """The present parameters, float64 and read-only."""
        weights, biases = self._kernel.parameters()
        return Parameters(weights=tuple(map(frozen, weights)), biases=tuple(map(frozen, biases)))

    def advance(self, steps: int) -> GradientHistory:
        """Makes the next `steps` steps, or as many as remain, and returns exactly their rows.

        The last row carries the outcome: completed, or non-finite when a loss or gradient was no finite number. That
        row is recorded (nan where there is no number) and ends the run.
        """
        first, count = self._steps, max(0, min(steps, self.remaining))
        rows = self._kernel.run(self._order.take(count))
        self._steps += len(rows.loss)
        if not rows.finite:
            self._outcome = RunOutcome.NON_FINITE
        elif self._steps == self._experiment.training.steps:
            self._outcome = RunOutcome.COMPLETED
        return GradientHistory(
            experiment=self._experiment.name,
            first_step=first,
            loss=frozen(rows.loss),
            log10_weight_norm=frozen(rows.log10_weight_norm),
            log10_delta_norm=frozen(rows.log10_delta_norm),
            outcome=self._outcome,
        )


def train(experiment: Experiment, parameters: Parameters | None = None) -> Generator[GradientHistory, int | None, None]:
    """Yields recorded steps until the run ends: `next` makes one, `send(n)` makes the next n.

    Parameters are as for `Trainer`.
    """
    trainer = Trainer(experiment, parameters)
    asked: int | None = None
    while trainer.remaining:
        asked = yield trainer.advance(1 if asked is None else max(1, asked))
