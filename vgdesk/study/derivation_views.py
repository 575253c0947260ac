"""Use cases: the views of a gradient besides its derivation, and the bound of a chain's product.

The numbers are those of `vgdesk.study.derive`: the experiment's own seeded draw, one example of its task.
"""

from vgdesk.records.derivation_views import VIEWS, GradientView, Ledger, MatrixView, PathView, ProductBound
from vgdesk.records.parameters import Parameters
from vgdesk.spec.base import require_choice
from vgdesk.spec.experiment import Experiment
from vgdesk.study.derive import derived_example
from vgdesk.symbolic.bounds import product_bound
from vgdesk.symbolic.paths import DEFAULT_PATHS, require_count
from vgdesk.symbolic.program import numpy_program, sympy_program
from vgdesk.symbolic.views import GradientViews
from vgdesk.training.data import TaskData
from vgdesk.training.parameters import draw

PROGRAMS = ("numpy", "sympy")


def paths(
    experiment: Experiment, wrt: str, example: int = 1, most: int = DEFAULT_PATHS, parameters: Parameters | None = None
) -> PathView:
    """Returns dL/d(wrt) as the sum over all paths from the parameter to the loss, the `most` largest listed.

    Raises
    ------
    SpecError
        Unknown weight, no example of that number, or `most` outside 1 to 200.
    DerivationTooLarge
        The network is too large to be read.
    """
    require_count(most)
    return gradient_views(experiment, wrt, example, parameters).paths(most)


def matrices(experiment: Experiment, wrt: str, example: int = 1, parameters: Parameters | None = None) -> MatrixView:
    """Returns the backward rule in matrices; raises what `paths` raises."""
    return gradient_views(experiment, wrt, example, parameters).matrices()


def ledger(experiment: Experiment, wrt: str, example: int = 1, parameters: Parameters | None = None) -> Ledger:
    """Returns the factors one by one, with the running product and the decades that each takes away."""
    return gradient_views(experiment, wrt, example, parameters).ledger()


def view(
    experiment: Experiment,
    wrt: str,
    name: str,
    example: int = 1,
    parameters: Parameters | None = None,
    data: TaskData | None = None,
) -> GradientView:
    """Returns a view by its name: "paths", "matrix" or "ledger"; raises what these raise."""
    require_choice("view", name, VIEWS[1:])
    views = gradient_views(experiment, wrt, example, parameters, data)
    return {"paths": views.paths, "matrix": views.matrices, "ledger": views.ledger}[name]()


def gradient_program(
    experiment: Experiment,
    wrt: str,
    language: str,
    example: int = 1,
    parameters: Parameters | None = None,
    data: TaskData | None = None,
) -> str:
    """Returns a program in NumPy or SymPy that computes dL/d(wrt) and prints it."""
    passes = gradient_views(experiment, wrt, example, parameters, data).passes
    return numpy_program(*passes) if language == "numpy" else sympy_program(*passes)


def bound(activation: str, weight: float, depth: int) -> ProductBound:
    """Returns the bound (max|phi'| |w|)^L of a chain; raises `SpecError` outside the allowed ranges."""
    return product_bound(activation, weight, depth)


def gradient_views(
    experiment: Experiment,
    wrt: str,
    example: int = 1,
    parameters: Parameters | None = None,
    data: TaskData | None = None,
) -> GradientViews:
    """Returns what the views of dL/d(wrt) are made of, evaluated once for all of them."""
    data = data or derived_example(experiment, example)
    return GradientViews(experiment, wrt, parameters or draw(experiment), data.inputs, data.targets, example)
