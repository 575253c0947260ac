"""Examines one formula in a process of its own, which is ended when it takes too long; for the command line."""

import time

from vgdesk.engine.commands import Examine
from vgdesk.engine.events import ExaminationReady, JobFailed, WorkerDied
from vgdesk.engine.symbolic_client import SymbolicClient
from vgdesk.errors import WorkerError
from vgdesk.records.examination import Examination

TIME_LIMIT = 5.0
_LOOK = 0.02


def examine_within(formula: str, seconds: float = TIME_LIMIT) -> Examination:
    """Returns what can be said of a formula in z.

    Raises
    ------
    WorkerError
        It took longer than `seconds`, counted from where the process is ready, or the process could not work.
    """
    client = SymbolicClient(seconds)
    client.start()
    try:
        client.ask(Examine(1, formula))
        while True:
            for event in client.poll():
                match event:
                    case ExaminationReady(examination=examination):
                        return examination
                    case JobFailed(sentence=sentence):
                        raise WorkerError(sentence)
                    case WorkerDied(sentence=sentence):
                        raise WorkerError(sentence)
                    case _:
                        pass
            time.sleep(_LOOK)
    finally:
        client.close()
