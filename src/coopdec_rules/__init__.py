"""Rule-based legal advice: rulebook, engine, advice, command line, API and form."""

__version__ = "0.1.0"
