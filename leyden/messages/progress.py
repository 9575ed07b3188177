"""Sentences that say what a job is doing."""

SENTENCES = {
}
