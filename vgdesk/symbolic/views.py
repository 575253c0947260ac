"""The views of one gradient besides the derivation: all paths, matrices, ledger."""

import msgspec
import numpy as np
import sympy as sp

from vgdesk.records.derivation_views import Ledger, MatrixStep, MatrixView, PathView
from vgdesk.records.formula import Formula
from vgdesk.records.parameters import Parameters
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.network import FeedForward
from vgdesk.spec.recurrent import Recurrent, VanillaCell
from vgdesk.symbolic.derive import find_parameter
from vgdesk.symbolic.evaluate import Evaluator, Values, given_values, log10_magnitude
from vgdesk.symbolic.intermediates import Learned, Unfolded
from vgdesk.symbolic.layers import couples_examples, is_always_zero
from vgdesk.symbolic.ledger import ledger_of
from vgdesk.symbolic.matrix import LayerMatrices
from vgdesk.symbolic.matrix_of_blocks import BlockMatrices
from vgdesk.symbolic.matrix_through_time import TimeMatrices
from vgdesk.symbolic.network import symbolic_network
from vgdesk.symbolic.paths import DEFAULT_PATHS, Paths
from vgdesk.symbolic.shared import evaluated, is_plain


class GradientViews:
    """Shows dL/d(wrt) of one example, or of the coupled batch, in other ways than step by step.

    Parameters
    ----------
    wrt
        A name of `vgdesk.symbolic.learned`.
    parameters
        The numbers to substitute.
    inputs, targets
        The examples, batch first.
    example
        Which one, counting from 1.

    Raises
    ------
    SpecError
        No parameter has that name.
    DerivationTooLarge
        The network or the coupled batch is too large to be written down.
    """

    def __init__(
        self,
        experiment: Experiment,
        wrt: str,
        parameters: Parameters,
        inputs: np.ndarray,
        targets: np.ndarray,
        example: int = 1,
    ) -> None:
        self._experiment, self._parameters = experiment, parameters
        self._inputs, self._targets = inputs[example - 1], targets[example - 1]
        is_one_of_several = len(inputs) > 1 and not couples_examples(experiment)
        self._example, self._examples = (example, len(inputs)) if is_one_of_several else (0, 1)
        self._entry, self._unfolded, self._values = evaluated(experiment, wrt, parameters, inputs, targets, example)

    @property
    def passes(self) -> tuple[Unfolded, Learned, Values]:
        """The lines of both passes, the parameter, and every number."""
        return self._unfolded, self._entry, self._values

    def told(self) -> tuple[PathView, Ledger, dict[str, sp.Expr]]:
        """Returns paths and ledger, and by the factors' ids, which are the same in both, their expressions."""
        paths = self._paths(DEFAULT_PATHS)
        view = self._path_view(paths)
        return view, ledger_of(view, paths.exact), paths.slopes

    def paths(self, most: int = DEFAULT_PATHS) -> PathView:
        """Returns the sum over all paths, the `most` largest listed; raises `SpecError` outside 1 to 200."""
        return self._path_view(self._paths(most))

    def ledger(self) -> Ledger:
        """Returns the factors of the largest path one by one."""
        paths = self._paths(1)
        return ledger_of(self._path_view(paths), paths.exact)

    def matrices(self, values: Values | None = None) -> MatrixView:
        """Returns the backward rule in matrices: the textbook's where there is one, else block by block.

        `values` are other numbers than the true ones, by the names of both ways to write a network.
        """
        network, numbers = self._experiment.network, values or self._values
        if isinstance(network, Recurrent) and isinstance(network.cell, VanillaCell):
            through_time = TimeMatrices(network, self._unfolded, numbers)
            return self._matrix_view(through_time.steps(), through_time.result(self._entry), numbers)
        if isinstance(network, FeedForward) and is_plain(self._experiment):
            return self._layer_matrices(network, values)
        blocks = BlockMatrices(isinstance(network, Recurrent), self._unfolded, numbers)
        return self._matrix_view(blocks.steps(self._entry), blocks.result(self._entry), numbers)

    def _layer_matrices(self, network: FeedForward, values: Values | None) -> MatrixView:
        parameter = find_parameter(network, self._entry.name)
        if values is None:
            given = given_values(network, self._parameters, self._inputs.tolist(), self._targets.tolist())
            values = Evaluator(symbolic_network(self._experiment)).gradients(given)
        layers = LayerMatrices(self._experiment, values)
        view = self._matrix_view(layers.steps(parameter.layer), layers.result(parameter), values)
        return msgspec.structs.replace(view, arrays=layers.result_arrays(parameter))

    def _matrix_view(self, steps: tuple[MatrixStep, ...], result: tuple[Formula, ...], values: Values) -> MatrixView:
        value = values[f"dL_{self._entry.name}"]
        return MatrixView(
            experiment=self._experiment.name,
            title=self._experiment.title,
            wrt=self._entry.name,
            value=float(value),
            log10_magnitude=log10_magnitude(value),
            steps=steps,
            result=result,
            example=self._example,
            examples=self._examples,
        )

    def _path_view(self, paths: Paths) -> PathView:
        view = paths.view(self._experiment)
        return msgspec.structs.replace(view, example=self._example, examples=self._examples)

    def _paths(self, most: int) -> Paths:
        is_zero = is_always_zero(self._experiment, self._entry.array)
        return Paths(self._unfolded, self._entry, self._values, most, is_zero)
