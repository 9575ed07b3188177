"""Random secrets in files that only their owner can read."""

import contextlib
import os
import secrets
from pathlib import Path


def secret_in(path: Path) -> str:
    """The secret in a file, made on first use."""
    if path.exists() and not path.stat().st_size:
        path.unlink()  # Somebody emptied it: nothing is no secret.
    if not path.exists():
        unfinished = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(32))
        # Whole or not at all; where two make one at the same moment, the first is everybody's.
        with contextlib.suppress(FileExistsError):
            os.link(unfinished, path)
        unfinished.unlink()
    return path.read_text()
