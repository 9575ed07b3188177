"""Sentences about runs and other jobs: why they failed, stopped or cannot go on."""

SENTENCES = {
}
