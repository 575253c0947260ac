"""Training as a plain generator of recorded steps.

    run = train(experiment)
    history = next(run)          one step
    history = run.send(50)       the next fifty

Whoever drives it decides the pace, and may stop between any two calls. However the steps are split, the numbers are the
same, bit for bit.
"""

from collections.abc import Generator

import numpy as np

from vgdesk.errors import SpecError
from vgdesk.kernels.interruption import is_interrupted
from vgdesk.records.codec import frozen
from vgdesk.records.evaluation import Evaluations, evaluation_rows
from vgdesk.records.history import GradientHistory, RunOutcome, concatenate
from vgdesk.records.parameters import Parameters
from vgdesk.records.places import signal_places
from vgdesk.records.recorded import due_rows
from vgdesk.spec.clipping import Clipping
from vgdesk.spec.deviation import require_deviation
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.optimiser import require_learning_rate
from vgdesk.spec.recording import When
from vgdesk.training.data import BatchOrder, load_parts
from vgdesk.training.evaluation import Evaluator
from vgdesk.training.kernel import KernelRows, build_trainer, present_parameters
from vgdesk.training.memory import require_memory
from vgdesk.training.parameters import draw
from vgdesk.training.pretraining import pretrain
from vgdesk.training.recording import Recorder
from vgdesk.training.rule import kernel_cap


class Trainer:
    """Trains one experiment from its first step to its last.

    Parameters
    ----------
    experiment
        What to train.
    parameters
        Where to start; by default the experiment's own draw. Pre-training is done before (see `pretraining`).
    evaluates
        Whether loss on held-out examples and right answers are measured now and then; without, the gradient at the
        input is measured at the first and the last step, and nothing else (see `evaluation`).
    measures
        At which of the recorded steps what is not cheap is measured, nan at the others; by default at all of them.

    Raises
    ------
    SpecError
        When the parameters do not fit the network, the network not into memory (see `memory`), or a normalisation has
        nothing to take a deviation over.
    """

    def __init__(
        self,
        experiment: Experiment,
        parameters: Parameters | None = None,
        *,
        evaluates: bool = True,
        measures: When | None = None,
    ) -> None:
        parts, training = load_parts(experiment), experiment.training
        data = parts.training
        batch = training.batch_of(len(data.inputs))
        require_deviation(experiment, batch)
        require_memory(experiment, batch)
        start = draw(experiment) if parameters is None else parameters
        self._experiment = experiment
        self._steps = 0
        self._outcome = RunOutcome.RUNNING
        self._order = BatchOrder(len(data.inputs), batch, training.shuffle, experiment.seed)
        try:
            self._kernel = build_trainer(experiment, start, data)
        except ValueError as error:
            raise SpecError(str(error)) from None
        self._recorder = Recorder(experiment, self._kernel, measures)
        self._evaluator = Evaluator(experiment, parts, self._kernel, evaluates)
        self._learning_rate = training.optimiser.learning_rate
        self.set_clipping(training.clipping)

    @property
    def steps(self) -> int:
        """Number of steps made so far."""
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
    def evaluation_interval(self) -> int:
        """Every how many steps right answers and held-out loss are measured, once the first steps are over."""
        return self._evaluator.interval

    @property
    def parameters(self) -> Parameters:
        """The present parameters, float64 and read-only."""
        return present_parameters(self._experiment, self._kernel)

    def assess(self, most: int = 2000) -> tuple[float, float]:
        """Returns loss and share of right answers at the present parameters, on the first `most` examples trained on.

        As new examples are measured: without dropout, batch normalisation by its running numbers. The share is nan
        where the task has no classes.
        """
        return self._evaluator.assess(most)

    def set_learning_rate(self, learning_rate: float) -> None:
        """Replaces the optimiser's learning rate from the next step on; the schedule goes on from where it is.

        Raises
        ------
        SpecError
            When it is negative, too large or no number.
        """
        require_learning_rate(learning_rate)
        self._learning_rate = float(learning_rate)

    def set_clipping(self, clipping: Clipping | None) -> None:
        """Clips like this from the next step on; None leaves gradients as they are."""
        self._kernel.cap = kernel_cap(clipping)

    def advance(self, steps: int) -> GradientHistory:
        """Makes the next `steps` steps, or as many as remain, and returns the rows of those that are recorded.

        The last row carries the outcome: completed, or non-finite when a loss or gradient was no finite number. That
        row is recorded in any case (nan where there is no number) and ends the run.

        Fewer steps are made when another thread interrupts the kernels (`vgdesk.kernels.interruption`).
        """
        end = self._steps + max(0, min(steps, self.remaining))
        parts = [self._block(self._length_to(end))]
        while self.remaining and self._steps < end and not is_interrupted():
            parts.append(self._block(self._length_to(end)))
        return parts[0] if len(parts) == 1 else concatenate(parts)

    def _length_to(self, end: int) -> int:
        """Returns how many steps the kernel may make in one call before `end`: up to the next measurement."""
        return min(
            end - self._steps, self._evaluator.steps_until_due(self._steps), self._recorder.longest_block(self._steps)
        )

    def _block(self, count: int) -> GradientHistory:
        """Makes steps in one call of the kernel, and measures before the first of them where that is due."""
        first, order = self._steps, self._order.take(count)
        evaluations = self._evaluated(order[0]) if count and self._evaluator.is_due(first) else Evaluations()
        rows, measured = self._recorder.run(order, self._rates(len(order)), first)
        self._steps += len(rows.loss)
        if rows.finite and len(rows.loss) < len(order):  # interrupted
            self._order.put_back(order[len(rows.loss) :])
        if not rows.finite:
            self._outcome = RunOutcome.NON_FINITE
        elif self._steps == self._experiment.training.steps:
            self._outcome = RunOutcome.COMPLETED
        return self._recorded(rows, measured, first, evaluations)

    def _recorded(
        self, rows: KernelRows, measured: dict[str, np.ndarray], first: int, evaluations: Evaluations
    ) -> GradientHistory:
        """Returns what is kept of the kernel's rows, which begin at step `first`, and of what was measured beside."""
        network, is_over = self._experiment.network, self._outcome is not RunOutcome.RUNNING
        kept = due_rows(self._experiment.recording.when, first, len(rows.loss), is_over)
        quantities = self._recorder.quantities(rows, measured, kept)
        return GradientHistory(
            experiment=self._experiment.name,
            step_numbers=frozen(first + kept, np.int64),
            loss=frozen(rows.loss[kept]),
            learning_rate=frozen(rows.learning_rate[kept]),
            log10_total_norm=frozen(rows.log10_total_norm[kept]),
            log10_clipped_norm=frozen(rows.log10_clipped_norm[kept]),
            clipped=frozen(rows.clipped[kept], bool),
            quantities=quantities,
            histograms=self._recorder.histograms(measured, kept),
            signals=signal_places(network)[0],
            steps_made=self._steps,
            outcome=self._outcome,
            evaluations=evaluations,
            breakdown=None if rows.finite else self._recorder.breakdown(self._steps - 1),
        )

    def _rates(self, count: int) -> np.ndarray:
        """Returns the learning rates of the next steps."""
        schedule, steps = self._experiment.training.schedule, range(self._steps, self._steps + count)
        return np.array([schedule.rate(self._learning_rate, step) for step in steps], np.float64)

    def _evaluated(self, rows: np.ndarray) -> Evaluations:
        measured = self._evaluator.measure(rows, self._steps)
        return Evaluations() if is_interrupted() else evaluation_rows([(self._steps, *measured)])


def prepared(experiment: Experiment) -> Parameters:
    """Returns the parameters at which training starts: the draw, pre-trained where the experiment asks for it."""
    if experiment.training.pretraining is None:
        return draw(experiment)
    steps = pretrain(experiment)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


def train(experiment: Experiment, parameters: Parameters | None = None) -> Generator[GradientHistory, int | None, None]:
    """Yields recorded steps until the run ends: `next` makes one, `send(n)` makes the next n.

    Parameters are as for `Trainer`; where they are not given, pre-training comes before the first step.
    """
    trainer = Trainer(experiment, prepared(experiment) if parameters is None else parameters)
    asked: int | None = None
    while trainer.remaining:
        asked = yield trainer.advance(1 if asked is None else max(1, asked))
