"""The kinds of job of the symbolic processes: which is begun first where several wait, and how long each may take."""

from vgdesk.engine.commands import (
    CheckFormula,
    Derive,
    Enliven,
    Examine,
    FindBound,
    FindSpectrum,
    FindState,
    MapPhases,
    PlanDepth,
    Predict,
    ShowView,
    Verify,
    WriteProgram,
)

VERIFICATION_SECONDS = 120.0
"""Long: the kernels may have to be compiled first."""

SEARCH_SECONDS = 30.0
"""A search that leads anywhere takes a second; nobody waits longer for one that does not."""

LIMITS: dict[type, float] = {
    Verify: VERIFICATION_SECONDS,
    Predict: VERIFICATION_SECONDS,
    PlanDepth: VERIFICATION_SECONDS,
    MapPhases: VERIFICATION_SECONDS,
    FindState: SEARCH_SECONDS,
    CheckFormula: VERIFICATION_SECONDS,
    FindSpectrum: VERIFICATION_SECONDS,
}
"""Of what is not limited by the time a derivation may take."""

ORDER = [
    Derive,
    ShowView,
    Enliven,
    Examine,
    Predict,
    WriteProgram,
    FindState,
    FindBound,
    PlanDepth,
    MapPhases,
    FindSpectrum,
    CheckFormula,
    Verify,
]
"""The kind that is begun first stands first."""
