import pytest

from leyden.datasets.profile import Problem
from leyden.messages.render import Message
from ui.problems import SEVERITIES, problem_html, problems_line


def problem(severity: str, *examples: str) -> Problem:
    params = {"kind": "<b>sex</b>", "detail": "11 of 344 rows have none"}
    return Problem(message=Message(code="unexpected_error", params=params), severity=severity, examples=examples)


@pytest.mark.parametrize("severity", SEVERITIES)
def test_a_severity_is_a_word(severity: str):
    html = problem_html(problem(severity))
    assert SEVERITIES[severity] in html
    assert "<b>sex</b>" not in html
    assert "<details>" not in html


def test_examples_are_listed_and_escaped():
    html = problem_html(problem("warning", "a.jpg", "<x>.jpg"))
    assert "2 examples" in html
    assert "<li>a.jpg</li><li>&lt;x&gt;.jpg</li>" in html


def test_a_line_says_what_must_be_solved_first():
    found = (problem("error"), problem("warning"), problem("warning"), problem("info"))
    assert problems_line(found) == "1 problem, 2 worth a look"
    assert problems_line((problem("info"),)) == ""
