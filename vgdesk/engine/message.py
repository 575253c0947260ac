"""What every command to a worker process and every event from one have in common.

*Commands* (`vgdesk.engine.commands`) go to a worker; *events* (`vgdesk.engine.events`) come back and are what
`Engine.poll` returns. Both are tagged msgspec structs: on the wire they are MessagePack, never pickle.

Every job has a *generation*, a number that grows with each request. An answer whose generation is not the latest of
its kind is stale and is dropped. Generation 0 is "no job".
"""

import msgspec

NUMERIC = "numeric"
SYMBOLIC = "symbolic"
SPARE = "symbolic spare"
STUDY = "study"


class Message(msgspec.Struct, frozen=True, tag=True):
    """Is the common form of commands and events: immutable, told apart by a tag."""
