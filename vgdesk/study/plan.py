"""Use case: the depth planner for an experiment, with the examples of its first step."""

import msgspec

from vgdesk.records.depth_plan import DepthPlan
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.recurrent import Recurrent
from vgdesk.study.predict import first_examples, without_moments
from vgdesk.theory.depth_plan import DEFAULT_LIMIT, depth_plan, require_limit


def plan(experiment: Experiment, limit: float | str = DEFAULT_LIMIT, is_brief: bool = False) -> DepthPlan:
    """Returns how deep the network may be under a limit: a ratio, or the name of a number format.

    A brief answer says nothing of other depths and comes at once.

    Raises
    ------
    SpecError, DocumentError
        The limit is none, or the task's examples cannot be had.
    """
    require_limit(limit)
    if isinstance(experiment.network, Recurrent):
        answer = DepthPlan(experiment=experiment.name, limit=limit, depth=experiment.network.steps)
        reason = (
            "the depth planner is for feed-forward networks; how far back a recurrent one learns shows in its profile"
        )
        return msgspec.structs.replace(answer, reason=reason)
    if reason := without_moments(experiment):
        answer = DepthPlan(experiment=experiment.name, limit=limit, depth=experiment.network.depth)
        return msgspec.structs.replace(answer, reason=reason)
    data = first_examples(experiment)
    return depth_plan(experiment, data.inputs, data.targets, limit, is_brief)
