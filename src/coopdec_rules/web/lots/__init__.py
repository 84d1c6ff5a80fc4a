"""Tables of scenarios: those sent line by line to the API, and the page where a file is dropped."""
