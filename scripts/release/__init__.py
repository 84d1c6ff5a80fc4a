"""``make release``: everything that is published of a version, made from the commit alone."""
