"""The same run as a command line: only what differs from the defaults."""

import shlex

from leyden.catalogue import Catalogue
from leyden.datasets.profile import Profile
from leyden.spec.model import Spec
from ui.form_draft import changes_between, defaults_beside


def command_of(spec: Spec, profile: Profile, catalogue: Catalogue) -> str:
    """`python -m leyden train ...`, which trains this spec; one setting a line."""
    parts = ["python -m leyden train", f"--data {spec.data.dataset}", f"--target {shlex.quote(spec.data.target)}"]
    base, architecture = defaults_beside(spec, profile, catalogue)
    if architecture:
        parts.append(f"--architecture {architecture}")
    changes = changes_between(base, spec)
    parts += [f"--set {shlex.quote(f'{dotted}={text}')}" for dotted, text in changes.items()]
    return " \\\n  ".join(parts)
