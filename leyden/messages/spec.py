"""Sentences about settings: what does not fit the data or each other."""

SENTENCES = {
}
