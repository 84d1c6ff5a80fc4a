"""The ``coopdec`` command.  Exit codes: 0 done, 1 a case or check failed, 2 bad input or usage."""

from coopdec_rules.cli.app import main

__all__ = ["main"]
