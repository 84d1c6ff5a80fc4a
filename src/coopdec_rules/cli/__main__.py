"""``python -m coopdec_rules.cli``."""

from coopdec_rules.cli.app import main

main()
