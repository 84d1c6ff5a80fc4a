"""Documents, calendar and contacts of an avis, as pages and files."""
