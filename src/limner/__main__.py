"""The command ``limner``, also as ``python -m limner``."""

from limner.interruption import leave_at_once_while_starting


def main() -> None:
    """Run the command line; Ctrl-C is one line even while it is being imported."""
    leave_at_once_while_starting()
    from limner.cli import main as command_line

    command_line(prog_name="limner")


if __name__ == "__main__":
    main()
