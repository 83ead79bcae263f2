"""docs/deploy-ssh.md says what works: its sshd settings, its commands, its line of a key."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from codial_tui.cli.parser import build
from codial_tui.domain.ssh_keys import PublicKey, authorized_line

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs/deploy-ssh.md").read_text(encoding="utf-8")
SSHD = shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)


@pytest.mark.skipif(SSHD is None, reason="sshd is not installed (apt install openssh-server)")
def test_sshd_takes_the_settings_for_our_account_only(tmp_path: Path) -> None:
    if os.getuid() == 0:  # an sshd of root wants it; its package makes it at boot
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
    key = tmp_path / "host"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    (settings,) = blocks("sshd_config")
    path = tmp_path / "sshd_config"
    path.write_text(f"HostKey {key}\n{settings}")

    def of(user: str) -> dict[str, str]:
        who = f"user={user},host=poste,addr=192.0.2.7"
        done = subprocess.run(
            [str(SSHD), "-T", "-f", str(path), "-C", who],
            capture_output=True,
            text=True,
            check=True,
        )
        return dict(line.split(" ", 1) for line in done.stdout.splitlines() if " " in line)

    ours, others = of("codial"), of("somebody")
    assert (ours["clientaliveinterval"], ours["clientalivecountmax"]) == ("15", "3")
    assert ours["compression"] in ("yes", "delayed")
    assert ours["authorizedkeysfile"] == "/etc/ssh/keys/%u"
    for name in ("allowtcpforwarding", "x11forwarding", "permittunnel", "permituserrc"):
        assert ours[name] == "no", name
    assert ours["passwordauthentication"] == "no"
    assert others["passwordauthentication"] == "yes"


def commands() -> list[str]:
    text = "\n".join([*blocks("sh"), *blocks("ini")])
    return re.findall(r"(?:/opt/codial/bin/codial-tui) (.*)", text)


@pytest.mark.parametrize("command", commands())
def test_every_command_is_one(command: str) -> None:
    alone = re.split(r" < | \| |'", re.sub(r"\$\(.*?\)", "X", command))[0]
    words = shlex.split(alone)
    assert build().parse_args(words).database == "/srv/codial/codial.sqlite3"


def test_the_line_of_a_key_is_as_we_write_it() -> None:
    (shown,) = re.findall(r"^restrict,pty.*$", TEXT, re.MULTILINE)
    program = ["/opt/codial/bin/python", "-I", "-m", "codial_tui"]
    words = [*program, "--database", "/srv/codial/codial.sqlite3", "session", "marie"]
    assert shown == authorized_line(PublicKey("ssh-ed25519", "AAAA…", "marie@poste", ""), words)


def test_what_could_open_a_door_is_listed() -> None:
    listed = TEXT.split("## 5.")[1].split("## 6.")[0]
    for name in ("SSH_ORIGINAL_COMMAND", "TEXTUAL_DRIVER", "PYTHONPATH", "EDITOR", "PAGER"):
        assert f"`{name}`" in listed or name in listed
    for word in (
        "CODIAL_TUI_DATABASE",
        "TERMINFO",
        "import",
        "lettre Word",
        "logo",
        "restauration",
    ):
        assert word in listed
    for path in re.findall(r"`(tests/[\w/]+\.py)`", listed):
        assert (ROOT / path).is_file(), path


def test_every_part_it_points_to_is_there() -> None:
    parts = set(re.findall(r"^## (\d)\.", TEXT, re.MULTILINE))
    assert set(re.findall(r"§(\d)", TEXT)) <= parts
