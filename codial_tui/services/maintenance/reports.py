"""Signed reports of work orders: what the customer signed is kept as its canonical text with a
hash and as the PDF's bytes, in rows that are only added to and that the journal of events chains
(domain.md §8; `domain.maintenance.report_text` is the format)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from codial_tui.domain import clock
from codial_tui.domain.document import Document
from codial_tui.domain.maintenance import report_text
from codial_tui.domain.maintenance.report_text import Signing
from codial_tui.domain.maintenance.strokes import Strokes, parse, plain
from codial_tui.domain.maintenance.times import MOMENTS
from codial_tui.domain.paper.report_blocks import WorkPaper
from codial_tui.domain.problems import Problem
from codial_tui.domain.steps import Step
from codial_tui.domain.text import clean
from codial_tui.errors import Refused, refuse
from codial_tui.services.chain import pools
from codial_tui.services.context import Context
from codial_tui.services.documents import documents, locks
from codial_tui.services.documents.editing import Editor
from codial_tui.services.documents.rows import load, write_step
from codial_tui.services.law import chain_links

from . import report_photos

KIND = "work_order"
LONGEST = 80
"""characters of a name"""
AHEAD = timedelta(minutes=5)
"""by how much a signature may be later than this machine's clock"""
PAGE = 100
_COLUMNS = "id, document_id, version, signer, signed_at, strokes, text, hash, pdf_hash"


class Report(NamedTuple):
    """A signed report. changed: where the document is no longer what was signed, `lines.3.amount`;
    layout: in which it was signed."""

    id: int
    signer: str
    signed_at: str
    hash: str
    strokes: Strokes
    layout: str
    changed: tuple[str, ...] = ()


def of(context: Context, document: Document) -> Report | None:
    """The last signed report of a work order, compared with the document as it stands; None when
    nobody signed."""
    if document.kind != KIND or not document.id:
        return None
    row = context.database.row(
        f"SELECT {_COLUMNS} FROM work_report WHERE document_id = ? ORDER BY id DESC LIMIT 1",
        (document.id,),
    )
    if row is None:
        return None
    found = _stored(row)
    try:
        signed = report_text.parse(row[6])
    except ValueError:
        return found._replace(changed=("text",))
    now = report_text.body(document, report_photos.named(context, document))
    layout = str(signed["signature"].get("layout", ""))
    return found._replace(layout=layout, changed=tuple(report_text.changes(signed, now)))


def _stored(row: tuple[Any, ...]) -> Report:
    strokes, _ = parse(json.loads(row[5]))
    return Report(row[0], row[3], row[4], row[7], strokes, "")


def words(context: Context, report: Report) -> str:
    """« Signé le 22/11/2026 à 14:05 par Mme Dupont », and whether it was changed since."""
    at = context.local(report.signed_at)
    since = ", modifié depuis" if report.changed else ""
    return f"Signé le {at:%d/%m/%Y} à {at:%H:%M} par {report.signer}{since}"


def shown(report: Report | None) -> dict[str, Any] | None:
    """As `document show` has it (cli.md)."""
    if report is None:
        return None
    return {
        "signed_at": report.signed_at,
        "signer": report.signer,
        "hash": report.hash,
        "drawn": bool(report.strokes),
        "changed_since": bool(report.changed),
        "changes": list(report.changed),
    }


def work_paper(context: Context, document: Document, layout_name: str) -> WorkPaper:
    """What the paper of a work order has beside the document: the signature where the document,
    in this layout, is what was signed; else that it was signed, in words."""
    report = of(context, document)
    own = WorkPaper(context.zone, photos=report_photos.fitted(context, document))
    if report is None:
        return own
    if report.changed:
        return replace(own, changed=words(context, report))
    return _signed(context, own, report, layout_name)


def _signed(context: Context, own: WorkPaper, report: Report, layout_name: str) -> WorkPaper:
    at = context.local(report.signed_at)
    said = (report.signer, f"le {at:%d/%m/%Y} à {at:%H:%M}")
    if layout_name != report.layout:
        return replace(own, signed=(*said, "sur un autre modèle, gardé avec ce bon"))
    return replace(own, signed=said, strokes=report.strokes)


# ---- signing


def sign(
    context: Context,
    what: Editor | int,
    signer: str,
    *,
    strokes: Any = None,
    at: str = "",
    layout_name: str = "",
) -> Report:
    """Have a work order signed as it stands: text, hash and PDF are kept in one transaction, the
    mark « Signé » is set. what: an open document, or a stored one by id.

    strokes: of a drawn signature, as JSON has them; None for a typed name. at: the moment (UTC,
    ISO), now when empty. Raises Refused: nobody's name, nothing to sign, a drawing too long,
    somebody else writes the document, or it changed meanwhile.
    """
    document = what.document if isinstance(what, Editor) else load(context.database, what)
    if document is None:
        raise refuse("document.unknown", f"Document {what} introuvable")
    signer = clean(signer)
    drawn, problems = parse(strokes) if strokes is not None else ((), [])
    problems = [*check(context, document, signer, at), *problems]
    if problems:
        raise Refused(*problems)
    layout_name = layout_name or _layout(context, document)
    moment = at or context.clock().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    signing = Signing(signer, moment, drawn, document.version, layout_name)
    found = report_text.body(document, report_photos.named(context, document), signing)
    text = report_text.text_of(found)
    report = Report(0, signer, moment, report_text.hash_of(text), drawn, layout_name)
    pdf = _draw(context, document, report)
    with context.database.write():
        pools.turn(context.database)
        step = _store(context, document, report, text, pdf)
    document.header["signed_at"] = moment
    if isinstance(what, Editor):
        user = context.user
        what.stack.add(Step(step, user.id, user.name, context.now, _label(report), None, True))
    return report


def check(context: Context, document: Document, signer: str, at: str = "") -> list[Problem]:
    """Why a work order cannot be signed now; [] when it can. signer: clean."""
    if document.kind != KIND:
        return [Problem("report.kind", "", f"{document.ref} n'est pas un bon d'intervention")]
    if document.state == "dropped":
        said = f"{document.ref} est sans suite"
        return [Problem("report.dropped", "", said, "F7 6 le rouvre")]
    if other := locks.elsewhere(context, document.id):
        return [Problem("document.locked", "", other, "faites signer quand il est libre")]
    if not (document.visits or document.lines or document.machines):
        return [
            Problem("report.empty", "", "Rien à signer", "saisissez horaires, travaux ou pièces")
        ]
    if not signer:
        return [Problem("report.signer", "name", "Qui signe ?", "tapez son nom")]
    if len(signer) > LONGEST:
        said = f"Un nom de {len(signer)} caractères"
        return [Problem("report.signer", "name", said, f"{LONGEST} au plus")]
    if at and datetime.fromisoformat(at) > context.clock() + AHEAD:
        return [Problem("report.at", "at", "Une signature à venir", "donnez l'heure où il signe")]
    if at and at < (begun := _begun(context, document)):
        said = f"Signé avant l'intervention, commencée le {context.local(begun):%d/%m/%Y}"
        return [Problem("report.at", "at", said, "donnez l'heure où il signe")]
    return []


def _begun(context: Context, document: Document) -> str:
    """The moment from which a work order may be signed: its day, or a visit before it."""
    day = clock.midnight(date.fromisoformat(document.text("date")), context.zone)
    known: list[str | None] = [getattr(one, name) for one in document.visits for name in MOMENTS]
    return min([day, *filter(None, known)])


def _layout(context: Context, document: Document) -> str:
    from codial_tui.domain.kinds import doc_type
    from codial_tui.services.paper import papers

    return papers.layouts(context, doc_type(document.kind), document)[0].name


def _draw(context: Context, document: Document, report: Report) -> bytes:
    from codial_tui.printing.pdf import pdf_bytes
    from codial_tui.services.paper import papers

    own = WorkPaper(context.zone, photos=report_photos.fitted(context, document))
    own = _signed(context, own, report, report.layout)
    drawn = papers.paper(context, document, layout_name=report.layout, work=own)
    return pdf_bytes(drawn, context.local_now)


def _store(context: Context, document: Document, report: Report, text: str, pdf: bytes) -> int:
    """Row, bytes, link, mark, step and log entry, inside the caller's transaction; the step."""
    database = context.database
    version = database.value("SELECT version FROM document WHERE id = ?", (document.id,))
    if version != document.version:
        raise refuse("document.changed", f"{document.ref} a changé entre-temps", "faites-le relire")
    row = database.insert(
        "work_report",
        {
            "uid": context.uid(),
            "document_id": document.id,
            "version": document.version,
            "signer": report.signer,
            "signed_at": report.signed_at,
            "strokes": json.dumps(plain(report.strokes), separators=(",", ":")),
            "text": text,
            "hash": report.hash,
            "pdf_hash": hashlib.sha256(pdf).hexdigest(),
            "at": context.now,
            "user_id": context.user.id,
            "user_name": context.user.name,
        },
    )
    database.insert("work_report_content", {"report_id": row, "content": pdf})
    chain_links.seal_row(context, "events", "work_report", row)
    database.execute(
        "UPDATE document_work_order SET signed_at = ? WHERE document_id = ?",
        (report.signed_at, document.id),
    )
    documents.log_event(context, document, "note", _label(report))
    return write_step(context, document, document.version, _label(report), barrier=True)


def _label(report: Report) -> str:
    return f"Signé par {report.signer}"


# ---- what was signed, again


def signed_pdf(context: Context, document: Document, layout_name: str = "") -> bytes:
    """The PDF that was signed, where the document is still what it says and is wanted in no other
    layout; b"" else."""
    report = of(context, document)
    if report is None or report.changed or layout_name not in ("", report.layout):
        return b""
    return content(context, report)


def content(context: Context, report: Report) -> bytes:
    """The bytes of a signed report. Raises Refused when they are gone."""
    found = context.database.value(
        "SELECT content FROM work_report_content WHERE report_id = ?", (report.id,)
    )
    if found is None:
        raise refuse("report.gone", "Le rapport signé n'est plus dans la base", "`verify`")
    return bytes(found)


# ---- verify


def verify(context: Context) -> Iterator[Problem]:
    """Reports that are not what was signed: text against hash, row against text, PDF against its
    hash, and the document, where no step changed it since. That rows are gone or changed is said
    by the journal too (`chain_links.ROWS`)."""
    database, after = context.database, 0
    while page := database.rows(
        f"SELECT {_COLUMNS} FROM work_report WHERE id > ? ORDER BY id LIMIT {PAGE}", (after,)
    ):
        for row in page:
            after = row[0]
            yield from _row_problems(context, row)
    for number, at, last in database.rows(
        "SELECT d.number, s.signed_at, (SELECT r.signed_at FROM work_report r "
        "WHERE r.document_id = d.id ORDER BY r.id DESC LIMIT 1) "
        "FROM document_work_order s JOIN document d ON d.id = s.document_id "
        "WHERE s.signed_at IS NOT NULL OR EXISTS "
        "(SELECT 1 FROM work_report r WHERE r.document_id = d.id) ORDER BY d.id"
    ):
        if at != last:
            yield Problem("report.mark", number, "marqué signé autrement que son rapport ne le dit")


def _row_problems(context: Context, row: tuple[Any, ...]) -> Iterator[Problem]:
    key, document_id, version, signer, signed_at, strokes, text, found, pdf_hash = row
    document = load(context.database, document_id)
    ref = document.ref if document else f"rapport {key}"
    if report_text.hash_of(text) != found:
        yield Problem("report.hash", ref, "l'empreinte du rapport signé n'est pas celle du texte")
    try:
        signed = report_text.parse(text)
    except ValueError:
        yield Problem("report.text", ref, "le texte du rapport signé est illisible")
        return
    said = signed["signature"]
    own = {"signer": signer, "signed_at": signed_at, "version": version}
    wrong = [name for name, value in own.items() if said.get(name) != value]
    try:
        wrong += [] if json.loads(strokes) == said.get("strokes") else ["strokes"]
    except ValueError:
        wrong.append("strokes")
    header = signed.get("header")
    if document is None or not isinstance(header, dict) or header.get("uid") != document.uid:
        wrong.append("document")
    if wrong:
        words = f"le rapport signé ne dit pas ce que dit son texte : {', '.join(wrong)}"
        yield Problem("report.rows", ref, words)
    pdf = context.database.value(
        "SELECT content FROM work_report_content WHERE report_id = ?", (key,)
    )
    if pdf is None or hashlib.sha256(bytes(pdf)).hexdigest() != pdf_hash:
        yield Problem("report.pdf", ref, "le PDF signé n'est plus celui qui fut gardé")
    if document is not None and document.version == version and not wrong:
        now = report_text.body(document, ())
        changed = report_text.changes({**signed, "photos": []}, now)
        if changed:
            words = f"signé, changé sans geste : {', '.join(changed[:5])}"
            yield Problem("report.document", ref, words)
