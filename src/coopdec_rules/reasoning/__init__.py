"""Reasons over every scenario at once: questions, reasons, ways out, proofs, impact."""
