"""Many scenarios at once: tables read, the law read on all their rows, answers as columns."""
