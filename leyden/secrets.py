"""Random secrets in files that only their owner can read."""

import os
import secrets
from pathlib import Path


def secret_in(path: Path) -> str:
    """The secret in a file, made on first use."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        secret = path.read_text()
        if secret:
            return secret
        # A crash between creating and writing left it empty.
        path.unlink(missing_ok=True)
        return secret_in(path)
    with os.fdopen(descriptor, "w") as file:
        secret = secrets.token_urlsafe(32)
        file.write(secret)
    return secret
