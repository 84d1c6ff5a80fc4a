"""From an avis to the documents of an action: acts, letters, notes, calendar, contacts."""
