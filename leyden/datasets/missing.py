"""What means "no value" in a cell: blanks always, and the tokens that people and programs write instead."""

TOKENS = (
    "NA", "N/A", "n/a", "#N/A", "#NA", "<NA>", "NaN", "nan", "-nan", "NaT", "null", "NULL", "Null", "(null)",
    "None", "\\N", "?", "-", "--", ".", "..", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NULL!", "#NUM!",
)  # fmt: skip
"""Taken as missing where they are a whole cell, unless a person says otherwise."""

BLANKS = " \t\r\n\v\f\xa0\u3000\ufeff\u200b"
"""What is trimmed from both ends of every cell."""
