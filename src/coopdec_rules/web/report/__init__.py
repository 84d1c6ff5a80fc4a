"""The avis as a document to print: what it says, and the Typst template that sets it."""
