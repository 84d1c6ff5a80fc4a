"""The guided form: one theme at a time, from a start page to the avis."""
