"""What a forced command (docs/deploy-ssh.md) leaves of the environment it was started with.

A client may send variables (`SendEnv`, `SetEnv`) and an sshd may accept them (`AcceptEnv`). Those
of Python are ignored by `python -I`, which starts us; everything else that could steer a library
or ourselves is taken away here, before any of them is imported.
"""

from __future__ import annotations

import re
from collections.abc import MutableMapping

FORCED = "CODIAL_TUI_FORCED"
"""1 in a forced command: nothing leads out of the program"""

_SERVERS = ("HOME", "PATH", "SSH_CONNECTION", "SSH_TTY")
"""set by sshd itself, over whatever a client sent"""

_TERMINAL = ("TERM", "NO_COLOR", "LANG", "LC_ALL", "LC_CTYPE")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9+._@-]{0,63}")
"""of a terminal or a locale; leads to no file"""


def confine(environ: MutableMapping[str, str]) -> str:
    """Keep what sshd set and what is said about the terminal; mark the session as forced.

    Returns what the client asked to run instead of us (SSH_ORIGINAL_COMMAND), "" for nothing.
    """
    asked = environ.get("SSH_ORIGINAL_COMMAND", "")
    for name, value in list(environ.items()):
        if name not in _SERVERS and not (name in _TERMINAL and _NAME.fullmatch(value)):
            del environ[name]
    environ[FORCED] = "1"
    return asked
