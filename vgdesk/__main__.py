"""Starts vgdesk: the console script, `python -m vgdesk` and `python main.py` all come here.

The plain start takes the shortest way to the window: the command line's machinery is imported only for arguments.
"""

import sys


def main() -> None:
    """Runs vgdesk with the process's arguments and exits with its status."""
    from vgdesk.cli.door import guarded, insist_on_interrupts

    insist_on_interrupts()
    sys.exit(guarded(_start))


def _start() -> int:
    if len(sys.argv) > 1:
        from vgdesk.cli.commands import dispatch

        return dispatch(sys.argv[1:])
    from vgdesk.cli.window import open_window

    return open_window()


if __name__ == "__main__":
    main()
