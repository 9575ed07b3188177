"""A dataset's problems in the user's words, worst first; a severity is a shape and a word before a colour."""

from collections import Counter
from html import escape

import streamlit as st

from leyden.datasets.profile import Problem
from ui.words import _, count

SEVERITIES = {"error": _("Must be solved"), "warning": _("Worth a look"), "info": _("Good to know")}
SHOWN_AT_ONCE = 5


def problems(found: tuple[Problem, ...]) -> None:
    """Lists the problems: the worst at once, the rest on demand."""
    if not found:
        st.html(f'<p class="ly-problem ly-none">{escape(_("No problems found."))}</p>')
        return
    st.html("".join(problem_html(problem) for problem in found[:SHOWN_AT_ONCE]))
    rest = found[SHOWN_AT_ONCE:]
    if rest:
        with st.expander(_("{n} more").format(n=len(rest)), type="compact"):
            st.html("".join(problem_html(problem) for problem in rest))


def problem_html(problem: Problem) -> str:
    """One problem: severity, sentence, and what it concerns on demand."""
    word = SEVERITIES[problem.severity]
    body = f"<b>{escape(word)}</b><span>{escape(problem.message.text)}</span>"
    if problem.examples:
        shown = "".join(f"<li>{escape(example)}</li>" for example in problem.examples)
        label = escape(count(len(problem.examples), "example", "examples"))
        body += f"<details><summary>{label}</summary><ul>{shown}</ul></details>"
    return f'<div class="ly-problem ly-{problem.severity}">{body}</div>'


def problems_line(found: tuple[Problem, ...]) -> str:
    """How many problems of which severity, in one line; empty when there is nothing to solve."""
    numbers = Counter(problem.severity for problem in found)
    parts = []
    if numbers["error"]:
        parts.append(count(numbers["error"], "problem", "problems"))
    if numbers["warning"]:
        parts.append(_("{n} worth a look").format(n=numbers["warning"]))
    return ", ".join(parts)
