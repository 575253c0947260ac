"""Measures now and then how well the network does: loss and right answers on held-out examples and on the batch; and
how large the gradient is that arrives at its input, |dL/dh^0|, which no step needs (see `kernels.input_gradient`).

Examples go through the network at its current parameters, between two steps. When: at step 0, 1, 2, 3, 4, 6, 8, 12, 16,
... while those are dense, then every `interval` steps, and at the last step. The interval comes from a count of the
arithmetic, not from a clock, so that the same experiment is measured at the same steps everywhere; it is chosen so that
measuring takes about a twentieth of the training's time, once the dense beginning (some 20 measurements) is over; a
fiftieth where |dL/dh^0| is all there is to measure. Who wants no answers (sweeps, claims) gets |dL/dh^0| at
the first and at the last step, for a gain without it would stand on a guess (see `diagnosis.gain`).
A last step that is measured only because it is the last has |dL/dh^0| without |dL/dh^1|, so that no gain is taken from
it: a run of eleven steps and the first eleven of a longer one have the same gain.

An answer is right when the largest output stands at the largest target; a single output is right when it lies on the
same side of 1/2 as its target. Where a sequence is answered at several time steps, each of them is an answer.
"""

import math

import numpy as np

from vgdesk.spec.experiment import Experiment, Network
from vgdesk.spec.network import FeedForward
from vgdesk.spec.recurrent import Recurrent
from vgdesk.spec.task import has_classes
from vgdesk.training.data import Parts
from vgdesk.training.kernel import KernelTrainer

SHARE, SHARE_OF_INPUT = 1 / 20, 1 / 50
_CALL, _LAYER = 600_000, 1_000
"""What a measurement costs beside its products: per call and per layer, in multiplications that take as long."""
_STEP_LAYER = 2_000
"""What a layer of a training step costs beside its products."""


class Evaluator:
    """Says when to measure, and measures.

    Parameters
    ----------
    experiment
        What is trained.
    parts
        Its examples; there may be none that are held out.
    kernel
        What trains it.
    is_wanted
        Whether answers are wanted; without, |dL/dh^0| alone is measured, at the first and the last step.
    """

    def __init__(self, experiment: Experiment, parts: Parts, kernel: KernelTrainer, is_wanted: bool = True) -> None:
        self._kernel, (self._trained, self._held_out) = kernel, parts
        self._has_classes = has_classes(experiment.task)
        self._counts_right = is_wanted and self._has_classes
        held_out = len(self._held_out.inputs) if is_wanted else 0
        self._held_out_count = float(held_out)
        self._probe = kernel.probe(*self._held_out) if held_out else None
        has_answers, self._has_input = self._counts_right or held_out > 0, isinstance(experiment.network, FeedForward)
        self._is_needed, self._ends_only = has_answers or self._has_input, not is_wanted
        self._last = experiment.training.steps - 1
        batch = experiment.training.batch_of(len(self._trained.inputs))
        examples = batch * (self._counts_right or self._has_input) + held_out
        self.interval = _interval(experiment.network, batch, examples, SHARE if has_answers else SHARE_OF_INPUT)

    def is_due(self, step: int) -> bool:
        """Whether to measure at this step, before its update."""
        if self._ends_only:
            return self._is_needed and step in (0, self._last)
        return self._is_needed and (self._is_regular(step) or step == self._last)

    def _is_regular(self, step: int) -> bool:
        """Whether a run of any length is measured at this step."""
        is_early = step < self.interval and (_is_power(step) or (step % 3 == 0 and _is_power(step // 3)))
        return is_early or step % self.interval == 0

    def steps_until_due(self, step: int) -> int:
        """Returns after how many steps, at least one, it is due again; many where it never is."""
        if self._ends_only:
            return max(1, self._last - step)
        following = [(step // self.interval + 1) * self.interval, 1 << step.bit_length(), 3 << (step // 3).bit_length()]
        if self._last > step:
            following.append(self._last)
        return min(following) - step if self._is_needed else self._last + 1

    def measure(self, batch: np.ndarray, step: int) -> tuple[float, float, float, float, float, float]:
        """Returns the numbers of `Evaluations` after the step's number, in its order; nan for none.

        `batch` holds the numbers of the examples that `step` takes.
        """
        accuracy = loss = held_out_accuracy = at_input = at_first = math.nan
        if self._counts_right or self._has_input:
            outputs, (at_input, at_first) = self._kernel.measure_input(batch)
            if not (self._ends_only or self._is_regular(step)):
                at_first = math.nan
            if self._counts_right:
                accuracy = right_share(outputs, self._trained.targets[batch])
        if self._probe is not None:
            loss, outputs = self._probe.measure()
            if self._has_classes:
                held_out_accuracy = right_share(outputs, self._held_out.targets)
        return loss, accuracy, held_out_accuracy, at_input, at_first, self._held_out_count

    def assess(self, most: int) -> tuple[float, float]:
        """Returns loss and share of right answers (nan without classes) on the first `most` examples trained on."""
        inputs, targets = self._trained.inputs[:most], self._trained.targets[:most]
        loss, outputs = self._kernel.probe(inputs, targets).measure()
        return loss, right_share(outputs, targets) if self._has_classes else math.nan


def _is_power(step: int) -> bool:
    """Whether a step is 0 or a power of two."""
    return step & (step - 1) == 0


def right_share(outputs: np.ndarray, targets: np.ndarray) -> float:
    """Returns the share of right answers, 0 to 1; an answer that is not a number is wrong."""
    outputs, targets = (values.reshape(-1, values.shape[-1]) for values in (outputs, targets))
    if targets.shape[1] == 1:
        right = ((outputs > 0.5) == (targets > 0.5))[:, 0]
    else:
        right = outputs.argmax(axis=1) == targets.argmax(axis=1)
    return float(np.mean(right & ~np.isnan(outputs).any(axis=1)))


def _interval(network: Network, batch: int, examples: int, share: float) -> int:
    """Returns every how many steps `examples` can be measured for a share of the time of the steps between."""
    layers, products = _size(network)
    step = 3 * batch * products + layers * _STEP_LAYER
    measurement = 3 * examples * products + _CALL + layers * _LAYER
    if isinstance(network, FeedForward):
        rehearses = any(layer.dropout > 0 or layer.normalisation == "batch" for layer in network.layers)
        measurement += batch * (2 * network.widths[0] * network.widths[1] + 3 * rehearses * products)
    return math.ceil(measurement / (share * step))


def _size(network: Network) -> tuple[int, int]:
    """Returns how many layers or time steps there are, and how many multiplications an example takes forward."""
    if isinstance(network, Recurrent):
        gates = network.gates * network.width * (network.inputs + network.width)
        return network.steps, network.steps * gates + network.output_steps * network.outputs * network.width
    pairs = zip(network.widths, network.widths[1:], strict=False)
    return network.depth, sum(below * above for below, above in pairs)
