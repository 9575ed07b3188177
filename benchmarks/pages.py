"""Leyden's pages under Streamlit's own test runner, for what measures them."""

import logging

from streamlit.testing.v1 import AppTest

from leyden.home import PROJECT


def shell() -> AppTest:
    """The shell, not run yet: from there one switches to a page."""
    # The test runner itself touches a session before there is one, and is warned of it.
    logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context").setLevel(logging.ERROR)
    return AppTest.from_file(str(PROJECT / "ui" / "shell.py"), default_timeout=120)
