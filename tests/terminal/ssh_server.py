"""OpenSSH on 127.0.0.1 with keys made for one test, and people who come in with them.

The server is as docs/deploy-ssh.md sets it up, but for three things: it takes any variable a
client sends (`AcceptEnv *`), so that it is us who must not obey them; it notices a dead line after
two seconds instead of 45; and files and people are those of whoever runs the test.
"""

from __future__ import annotations

import os
import pwd
import select
import shutil
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from types import TracebackType

from pty_session import PtySession

ROOT = Path(__file__).parents[2]
SEPARATION = Path("/run/sshd")
"""a folder that an sshd of root wants; its package makes it at boot"""

CONFIGURATION = """\
ListenAddress 127.0.0.1
Port {port}
HostKey {folder}/host
AuthorizedKeysFile {folder}/authorized_keys
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
Subsystem sftp internal-sftp
AcceptEnv *
SetEnv HOME={folder}/home
Compression yes
ClientAliveInterval 1
ClientAliveCountMax 2
"""


def missing() -> str:
    """Why there can be no server here, "" when there can."""
    for name in ("ssh", "ssh-keygen"):
        if shutil.which(name) is None:
            return f"{name} is not installed (apt install openssh-client)"
    if _sshd() is None:
        return "sshd is not installed (apt install openssh-server)"
    if os.getuid() == 0 and not SEPARATION.is_dir() and not os.access("/run", os.W_OK):
        return f"{SEPARATION} is missing and cannot be made"
    return ""


def _sshd() -> str | None:
    return shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")


class Server:
    """An sshd from `__enter__` to `__exit__`; every key opens `database` as one user."""

    def __init__(self, folder: Path, database: Path) -> None:
        self.folder, self.database = folder, database
        self.port = 0

    def __enter__(self) -> Server:
        self.folder.mkdir(mode=0o700)
        (self.folder / "home").mkdir(mode=0o700)
        if os.getuid() == 0:
            SEPARATION.mkdir(mode=0o755, exist_ok=True)
        self._make_key("host")
        self._start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.kill()  # its children, one a connection, end with their clients
        self._process.wait(10)

    def _start(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        settings = self.folder / "sshd_config"
        settings.write_text(CONFIGURATION.format(port=self.port, folder=self.folder))
        self._process = subprocess.Popen(
            [str(_sshd()), "-D", "-e", "-f", str(settings)],
            stdin=subprocess.DEVNULL,
            stderr=(self.folder / "sshd.log").open("wb"),
            start_new_session=True,
        )
        waiting = select.poll()
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            waiting.poll(50)
            assert self._process.poll() is None, self.log
        raise AssertionError(f"sshd does not listen: {self.log}")

    @property
    def log(self) -> str:
        return (self.folder / "sshd.log").read_text(errors="replace")

    def _make_key(self, name: str) -> Path:
        path = self.folder / name
        command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(path)]
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
        return path

    def let_in(self, login: str) -> Path:
        """A key for a user, as an administrator lets one in; the private file."""
        key = self._make_key(login)
        command = [sys.executable, "-m", "codial_tui", "--database", str(self.database)]
        line = subprocess.run(
            [*command, "users", "authorize", login, f"{key}.pub"],
            check=True,
            cwd=ROOT,
            capture_output=True,
            text=True,
        )
        with (self.folder / "authorized_keys").open("a") as file:
            file.write(line.stdout)
        return key

    @cached_property
    def account(self) -> str:
        return pwd.getpwuid(os.getuid()).pw_name

    def command(
        self,
        key: Path,
        *words: str,
        port: int = 0,
        compression: bool = True,
        options: Sequence[str] = (),
    ) -> list[str]:
        """The client's command line. port: of a proxy in between; words: what it asks to run."""
        known = self.folder / "known_hosts"
        public = " ".join((self.folder / "host.pub").read_text().split()[:2])
        port = port or self.port
        known.write_text(f"[127.0.0.1]:{port} {public}\n")
        settings = {
            "IdentitiesOnly": "yes",
            "UserKnownHostsFile": str(known),
            "StrictHostKeyChecking": "yes",
            "BatchMode": "yes",
            "LogLevel": "ERROR",
            "EscapeChar": "none",
            "Compression": "yes" if compression else "no",
        }
        given = [f"-o{name}={value}" for name, value in settings.items()]
        address = f"{self.account}@127.0.0.1"
        return ["ssh", "-Fnone", "-i", str(key), f"-p{port}", *given, *options, address, *words]

    def session(
        self,
        key: Path,
        *,
        port: int = 0,
        compression: bool = True,
        options: Sequence[str] = (),
        env: Mapping[str, str | None] | None = None,
    ) -> PtySession:
        """Somebody at a terminal of 80×24 who connects."""
        given = self.command(key, port=port, compression=compression, options=("-tt", *options))
        return PtySession(given, env=env)
