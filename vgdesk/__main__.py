"""Starts vgdesk: the console script, `python -m vgdesk` and `python main.py` all come here.

The plain start takes the shortest way to the window: the command line's machinery is imported only for arguments.
"""

import sys


def main() -> None:
    """Runs vgdesk with the process's arguments and exits with its status."""
    if len(sys.argv) > 1:
        from vgdesk.cli.commands import run

        sys.exit(run(sys.argv[1:]))
    from vgdesk.cli.window import open_window

    sys.exit(open_window())


if __name__ == "__main__":
    main()
