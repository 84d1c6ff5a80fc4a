"""Tools of whoever keeps the rulebook: worked cases, coverage, agreement, impact, journal."""
