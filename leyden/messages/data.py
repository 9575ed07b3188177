"""Sentences about files, columns and values."""

SENTENCES = {
}
