"""What the system answers is told in French, whatever its own language is."""

import errno
import os
import re
from pathlib import Path

import pytest

from codial_tui.domain.problems import Invalid
from codial_tui.errors import system_words
from codial_tui.exchange.detection import detect
from codial_tui.exchange.mapping import load_mapping

PACKAGE = Path(__file__).parent.parent / "codial_tui"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "disque plein"),
        (errno.EISDIR, "c'est un dossier"),
        (errno.EACCES, "accès interdit"),
        (errno.ECONNREFUSED, "connexion refusée"),
        (errno.ETIMEDOUT, "pas de réponse"),
        (errno.EXDEV, f"erreur système {errno.EXDEV}"),
    ],
)
def test_a_number_of_the_system_in_french(number: int, words: str) -> None:
    assert system_words(OSError(number, os.strerror(number))) == words


def test_errors_without_a_number() -> None:
    assert system_words(TimeoutError("timed out")) == "pas de réponse"
    assert system_words(OSError("what?")) == "erreur système"


def test_a_folder_is_no_price_list(tmp_path: Path) -> None:
    with pytest.raises(Invalid) as refused:
        detect(tmp_path)
    assert "directory" not in refused.value.problems[0].text


def test_a_broken_mapping_says_its_line(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text('kind = "items"\n[columns\n', "utf-8")
    with pytest.raises(Invalid, match="n'est pas du TOML lisible, ligne 2"):
        load_mapping(path)


def test_nobody_shows_the_words_of_the_system() -> None:
    found = [
        f"{path.name}:{number}"
        for path in PACKAGE.rglob("*.py")
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if re.search(r"\bstrerror\b", line)
    ]
    assert found == []
