"""What a person sees when a page itself fails: the sentence of what went wrong, where there is one."""

from leyden.errors import LeydenError
from ui import layout


def show_failure(error: Exception) -> bool:
    """Shows a failure that has a sentence, such as a workspace that cannot be read now.

    Returns:
        Whether it was shown; Streamlit shows everything else with its traceback, for it is a defect.
    """
    if not isinstance(error, LeydenError):
        return False
    layout.failure(error)
    return True
