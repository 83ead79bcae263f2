"""Archives: what the law asks to keep, in a zip that can be read and checked without the program
(legal.md §3.1): sealed data, payments, closings, events, papers, hashes, signature.

Everything comes from the sealed texts, not from the rows, so that it can be checked. Files are in a
fixed order with a fixed date: the same database gives the same files.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from codial_tui import __version__
from codial_tui.domain.law.canonical import parse
from codial_tui.domain.law.chain_text import read
from codial_tui.errors import DatabaseRefused, refuse, system_words
from codial_tui.services.context import Context
from codial_tui.services.records import settings

from . import chain_links, closings, events, signed_count, signing, training
from .archive_guide import GUIDE

DATE = (1980, 1, 1, 0, 0, 0)
_SEALS = (
    "SELECT s.position, s.canonical, s.previous_hash, s.hash, s.document_uid FROM invoice_seal s "
    "JOIN document d ON d.id = s.document_id WHERE s.position > ? AND s.position <= ? "
    "AND d.date BETWEEN ? AND ? ORDER BY s.position LIMIT 300"
)
_PAPERS = (
    "SELECT a.uid, a.name, d.number FROM attachment a JOIN document d ON d.uid = a.owner_uid "
    "WHERE a.owner = 'document' AND a.origin = 'printed' AND d.kind = 'invoice' "
    "AND d.number IS NOT NULL AND d.state <> 'provisional' AND d.date BETWEEN ? AND ? "
    "ORDER BY d.number, a.id"
)
_CONTENT = (
    "SELECT c.content FROM attachment_content c JOIN attachment a ON a.id = c.attachment_id "
    "WHERE a.uid = ?"
)
HEADS = {
    "factures.csv": (
        *("numero", "date", "nature", "client", "siren", "tva_client", "total_ht", "total_tva"),
        *("total_ttc", "net_a_payer", "validee_le", "validee_par", "position", "empreinte"),
    ),
    "lignes.csv": (
        *("numero", "rang", "type", "reference", "designation", "quantite", "unite", "prix"),
        *("categorie_tva", "taux_tva", "montant", "montant_ht"),
    ),
    "tva.csv": ("numero", "categorie", "taux", "base", "tva"),
    "reglements.csv": ("objet", "enregistre_le", "par", "date", "mode", "montant", "empreinte"),
    "clotures.csv": (
        *("periode", "du", "au", "factures", "premiere", "derniere", "ht", "tva", "ttc"),
        *("reglements", "perpetuel_ttc", "perpetuel_factures", "cloturee_le", "par", "empreinte"),
    ),
}


class Archived(NamedTuple):
    """What an archive holds: files, invoices, papers; sha256 of its list of hashes."""

    files: int
    invoices: int
    papers: int
    sha256: str


@dataclass
class _Zip:
    """A zip in the making, and the hash of each of its files."""

    file: zipfile.ZipFile
    hashes: dict[str, str] = field(default_factory=dict)

    def put(self, name: str, parts: Iterable[bytes]) -> None:
        digest = hashlib.sha256()
        info = zipfile.ZipInfo(name, DATE)
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = 0o644 << 16
        with self.file.open(info, "w", force_zip64=True) as out:
            for part in parts:
                digest.update(part)
                out.write(part)
        self.hashes[name] = digest.hexdigest()


def write(
    context: Context, path: Path, *, year: int | None = None, replace: bool = False
) -> Archived:
    """Write the archive of a year, or of everything, to a new file; noted in the journal.

    Raises Refused in training, without the key or on a database that is not the counted one;
    DatabaseRefused when the file exists or cannot be written. A cut leaves only `FILE.part`.
    """
    training.forbid(context, "Archive")
    wrong = signed_count.problems(context)
    if wrong:
        raise refuse(wrong[0].code, wrong[0].message, wrong[0].remedy)
    path = path.expanduser()
    if path.exists() and not replace:
        raise DatabaseRefused(f"{path} existe déjà", "--force le remplace")
    with context.database.write():
        signing.ensure(context)
    part = path.with_name(f"{path.name}.part")
    try:
        with zipfile.ZipFile(part, "w") as file:
            made = _fill(context, _Zip(file), year)
        part.chmod(0o600)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise DatabaseRefused(
            f"{path} non écrit : {system_words(error)}", "vérifiez le dossier"
        ) from error
    detail = {"file": str(path), "year": year, **made._asdict()}
    events.record(context, "data.archive", **detail)
    return made


def _fill(context: Context, out: _Zip, year: int | None) -> Archived:
    first, last = (f"{year}-01-01", f"{year}-12-31") if year else ("", "9999")
    heads = signed_count.heads(context)
    key, _ = signing.sign(context, b"")
    company = settings.company(context)
    scope = f"Année {year}." if year else "Tout, depuis la première facture."
    closed = closings.closed_until(context)
    if closed < last:
        scope += f"\nClôturé jusqu'au {closed or '(jamais)'} : les jours suivants ne le sont pas."
    said = {"at": context.now, "by": context.user.name, "version": __version__, "scope": scope}
    guide = GUIDE.format(company=str(company.get("name")).upper(), key=key.public[:16], **said)
    out.put("LISEZMOI.txt", [guide.encode()])

    def sealed() -> Iterator[tuple[int, str, str, str, str]]:
        after, end = 0, heads[signed_count.INVOICES][0]
        while page := context.database.rows(_SEALS, (after, end, first, last)):
            yield from page
            after = page[-1][0]

    invoices = sum(1 for _ in sealed())
    for name, rows in (("factures.csv", _invoice), ("lignes.csv", _lines), ("tva.csv", _vat)):
        out.put(name, _csv(HEADS[name], (row for one in sealed() for row in rows(one))))
    chains = {name: list(_links(context, name, heads[name][0], year)) for name in ("closings",)}
    out.put(
        "reglements.csv",
        _csv(
            HEADS["reglements.csv"],
            map(_payment, _links(context, "payments", heads["payments"][0], year)),
        ),
    )
    signed = {one.position: one for one in closings.listed(context)}
    out.put("clotures.csv", _csv(HEADS["clotures.csv"], map(_closing, chains["closings"])))
    out.put(
        "chaines/factures.jsonl",
        (_json(dict(zip(("position", "text", "previous_hash", "hash"), one))) for one in sealed()),
    )
    for name, file in (
        ("payments", "reglements"),
        ("events", "evenements"),
        ("closings", "clotures"),
    ):
        out.put(
            f"chaines/{file}.jsonl",
            (
                _json(_with_signature(context, one, signed if name == "closings" else {}))
                for one in _links(context, name, heads[name][0], year)
            ),
        )
    papers = context.database.rows(_PAPERS, (first, last))
    used: set[str] = set()
    for uid, name, number in papers:
        safe = f"{number}_{name}".replace("/", "-")
        target = safe if safe not in used else f"{uid}_{safe}"
        used.add(target)
        content = context.database.value(_CONTENT, (uid,), b"")
        out.put(f"pdf/{target}", [bytes(content)])
    _keys(context, out)
    sums = "".join(f"{digest}  {name}\n" for name, digest in sorted(out.hashes.items())).encode()
    _, signature = signing.sign(context, sums)
    out.put("SHA256SUMS", [sums])
    out.put("SHA256SUMS.sig", [bytes.fromhex(signature)])
    return Archived(len(out.hashes), invoices, len(papers), hashlib.sha256(sums).hexdigest())


def _links(context: Context, chain: str, end: int, year: int | None) -> Iterator[tuple[Any, ...]]:
    """The links of a journal that were written in a year; closings of that year."""
    for link in chain_links.links(context.database, chain):
        if link[0] > end:
            return
        of = link[1].partition(" ")[2] if chain == "closings" else link[5]
        if year is None or of.startswith(str(year)):
            yield link


def _json(values: Mapping[str, Any]) -> bytes:
    return (json.dumps(values, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def _with_signature(
    context: Context, link: tuple[Any, ...], signed: Mapping[int, closings.Closing]
) -> dict[str, Any]:
    names = ("position", "subject", "text", "previous_hash", "hash", "at", "by")
    found = dict(zip(names, link))
    closing = signed.get(link[0])
    if closing:
        keys = {key.id: key.public[:16] for key in signing.listed(context)}
        found |= {"signature": closing.signature, "key": keys.get(closing.key_id, "")}
    return found


def _csv(head: Iterable[str], rows: Iterable[Iterable[Any]]) -> Iterator[bytes]:
    """A table, in parts that are not too small."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    writer.writerow(head)
    for row in rows:
        writer.writerow(row)
        if buffer.tell() > 1 << 16:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def _decimal(value: int | None, digits: int = 2) -> str:
    """An integer of so many decimals as text with a point: 12345 → 123.45."""
    if value is None:
        return ""
    sign, text = "-" if value < 0 else "", str(abs(value)).rjust(digits + 1, "0")
    return f"{sign}{text[:-digits]}.{text[-digits:]}"


def _invoice(one: tuple[int, str, str, str, str]) -> Iterator[list[Any]]:
    said = parse(one[1])
    head, sums, seal = said["header"], said["totals"], said["seal"]
    nature = "avoir" if head["is_credit"] else head["nature"]
    amounts = [_decimal(sums[name]) for name in ("net", "vat_total", "gross", "payable")]
    who = [head["party_name"], head["party_siren"], head["party_vat_number"]]
    end = [seal["at"], seal["by"], one[0], one[3]]
    yield [head["number"], head["date"], nature, *who, *amounts, *end]


def _lines(one: tuple[int, str, str, str, str]) -> Iterator[list[Any]]:
    said = parse(one[1])
    for rank, line in enumerate(said["lines"], 1):
        yield [
            *(said["header"]["number"], rank, line["type"], line["reference"], line["label"]),
            *(_decimal(line["quantity"], 4), line["unit"], _decimal(line["unit_price"], 4)),
            *(line["vat_category"], _decimal(line["vat_rate"], 4)),
            *(_decimal(line["amount"]), _decimal(line["net_amount"])),
        ]


def _vat(one: tuple[int, str, str, str, str]) -> Iterator[list[Any]]:
    said = parse(one[1])
    for row in said["totals"]["vat"]:
        amounts = (_decimal(row["base"]), _decimal(row["amount"]))
        yield [said["header"]["number"], row["category"], _decimal(row["rate"], 4), *amounts]


def _payment(link: tuple[Any, ...]) -> list[Any]:
    body = read(link[2])[1]
    what = [body.get("date", ""), body.get("mode", ""), _decimal(body.get("amount"))]
    return [link[1], link[5], link[6], *what, link[4]]


def _closing(link: tuple[Any, ...]) -> list[Any]:
    body = read(link[2])[1]
    said, total = body["invoices"], body["perpetual"]
    receipts = sum(row["amount"] for row in body["receipts"])
    return [
        *(body["period"], body["first_day"], body["last_day"]),
        *(said["count"], said["first"], said["last"]),
        *(_decimal(said[name]) for name in ("net", "vat", "gross")),
        *(_decimal(receipts), _decimal(total.get("gross", 0)), total.get("invoices", 0)),
        *(link[5], link[6], link[4]),
    ]


def _keys(context: Context, out: _Zip) -> None:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    keys = signing.listed(context)
    spki = serialization.PublicFormat.SubjectPublicKeyInfo
    for key in keys:
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key.public))
        pem = public.public_bytes(serialization.Encoding.PEM, spki)
        out.put(f"cles/{key.public[:16]}.pem", [pem])
    rows = ([key.public[:16], key.public, key.reason, key.at] for key in keys)
    out.put("cles/cles.csv", _csv(("cle", "publique", "raison", "depuis"), rows))
