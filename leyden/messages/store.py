"""Sentences about the workspace: unknown ids, things in use, refused writes."""

SENTENCES = {
}
