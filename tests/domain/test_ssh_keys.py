"""Public keys of OpenSSH: what is one, what is none, and the line of authorized_keys."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codial_tui.domain.problems import Invalid
from codial_tui.domain.ssh_keys import LIMIT, PublicKey, authorized_line, parse_key


def wire(*fields: bytes) -> str:
    """Fields as the base64 of a key blob."""
    return base64.b64encode(b"".join(len(one).to_bytes(4) + one for one in fields)).decode()


ED25519 = f"ssh-ed25519 {wire(b'ssh-ed25519', bytes(range(32)))}"
SK = f"sk-ssh-ed25519@openssh.com {wire(b'sk-ssh-ed25519@openssh.com', bytes(32), b'ssh:')}"
ECDSA = f"ecdsa-sha2-nistp256 {wire(b'ecdsa-sha2-nistp256', b'nistp256', bytes([4]) + bytes(64))}"


def rsa(bits: int) -> str:
    modulus = b"\0" + (1 << bits - 1 | 1).to_bytes(bits // 8)
    return f"ssh-rsa {wire(b'ssh-rsa', bytes([1, 0, 1]), modulus)}"


def code(content: str | bytes) -> str:
    with pytest.raises(Invalid) as refused:
        parse_key(content.encode() if isinstance(content, str) else content)
    return refused.value.problems[0].code


@pytest.mark.parametrize("line", [ED25519, SK, ECDSA, rsa(2048), rsa(4096)])
def test_keys_of_every_kind(line: str) -> None:
    for text in (line, f"{line} marie@poste\n", f"\ufeff{line}\tune clé  à moi\r\n\n"):
        key = parse_key(text.encode())
        assert (key.algorithm, key.data) == tuple(line.split())
    assert key.comment == "une clé  à moi"


def test_the_fingerprint_is_that_of_ssh_keygen() -> None:
    # `ssh-keygen -lf` on a key that was made for this test
    line = (
        b"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGobUw4/hfBEKrYaQ8Z6Dq5GahanpxRT0nTaYYUw0B0h "
        b"marie@poste"
    )
    assert parse_key(line).fingerprint == "SHA256:XWVxclPGhJs46C20nGFnI8y/wkQ/Iaq8/VW/8HI7+zo"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", "key.unreadable"),
        ("\n \n", "key.unreadable"),
        ("# a comment", "key.unreadable"),
        ("bonjour", "key.unreadable"),
        (b"\xff\xfe\0", "key.unreadable"),
        ("ssh-ed25519", "key.unreadable"),
        ("ssh-ed25519 ????", "key.unreadable"),
        (ED25519[:-4], "key.unreadable"),
        (ED25519.replace("ssh-ed25519", "ssh-rsa", 1), "key.unreadable"),
        (f"ssh-ed25519 {wire(b'ssh-ed25519', bytes(31))}", "key.unreadable"),
        (f"ssh-ed25519 {wire(b'ssh-ed25519', bytes(32), b'')}", "key.unreadable"),
        (f"ssh-ed25519 {base64.b64encode(b'a').decode()}", "key.unreadable"),
        (f"{ED25519} x\x1b]0;title\x07", "key.unreadable"),
        (f"{ED25519} x\0", "key.unreadable"),
        (f"{ED25519} x\u2028y", "key.unreadable"),
        (f"{ED25519}\rssh-rsa AAAA", "key.unreadable"),
        (f"{ED25519} " + "x" * LIMIT, "key.unreadable"),
        ("---- BEGIN SSH2 PUBLIC KEY ----\nAAAA\n---- END SSH2 PUBLIC KEY ----", "key.unreadable"),
        ("-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA", "key.private"),
        (f'command="/bin/sh" {ED25519}', "key.options"),
        (f"no-pty,from=10.0.0.1 {ED25519}", "key.options"),
        (f"{ED25519}\n{ED25519}", "key.several"),
        (f"{ED25519}\n# another", "key.several"),
        ("ssh-dss AAAA", "key.weak"),
        (rsa(1024), "key.weak"),
        ("ssh-ed25519-cert-v01@openssh.com AAAA", "key.certificate"),
    ],
)
def test_what_is_refused(content: str | bytes, expected: str) -> None:
    assert code(content) == expected


@given(st.binary(max_size=300))
def test_nothing_breaks_the_parser(content: bytes) -> None:
    for one in (content, ED25519.encode() + content):
        try:
            key = parse_key(one)
        except Invalid as refused:
            assert refused.problems[0].message
        else:
            assert authorized_line(key, ["x"]).isprintable()


def test_the_line_quotes_for_sshd_and_for_the_shell() -> None:
    key = PublicKey("ssh-ed25519", "AAAA", 'marie "M"', "")
    command = ['/opt/l\'été "x"/python', "-I", "/srv/$HOME/`id`.db", "session", "marie"]
    line = authorized_line(key, command)
    assert line.startswith('restrict,pty,command="')
    assert line.endswith(' ssh-ed25519 AAAA marie "M"')
    assert _of_sshd(line) == command


def _of_sshd(line: str) -> list[str]:
    """The words that the shell sees in what sshd reads: up to the first quote not escaped."""
    import re
    import shlex

    found = re.match(r'restrict,pty,command="((?:[^"\\]|\\"|\\(?!"))*)" ', line)
    assert found
    return shlex.split(found.group(1).replace('\\"', '"'))


@given(st.text(st.characters(min_codepoint=32, max_codepoint=0x24F), min_size=1, max_size=30))
def test_any_path_comes_out_as_it_went_in(path: str) -> None:
    key = PublicKey("ssh-ed25519", "AAAA", "", "")
    if path.isprintable():
        assert _of_sshd(authorized_line(key, [path, "x"])) == [path, "x"]
    else:
        with pytest.raises(Invalid):
            authorized_line(key, [path, "x"])


def test_a_path_with_a_line_feed_has_no_line() -> None:
    with pytest.raises(Invalid):
        authorized_line(PublicKey("ssh-ed25519", "AAAA", "", ""), ["/a\nssh-rsa"])
