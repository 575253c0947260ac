"""How long a derivation may take before its process is ended: chosen by a person, remembered from start to start."""

from vgdesk.engine.client import TIME_LIMIT, Engine
from vgdesk.ui.state.memory import Memory

LEAST, MOST = 1, 600
"""Seconds that can be chosen."""
_KEY = "time-limit"


def remembered_seconds(memory: Memory) -> float:
    """Returns the remembered time limit in seconds, the engine's own where none or nonsense is remembered."""
    seconds = (memory.integers(_KEY, 1) or [0])[0]
    return float(seconds) if LEAST <= seconds <= MOST else TIME_LIMIT


def choose_seconds(engine: Engine, memory: Memory, seconds: int) -> None:
    """Gives derivations, views and examinations that begin from now on so many seconds, also after the next start."""
    engine.time_limit = float(seconds)
    memory.write_integers(_KEY, [seconds])
