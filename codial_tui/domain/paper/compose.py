"""A document becomes paper: every block of a layout, from the document's own copy of the facts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from codial_tui.domain.document import Document
from codial_tui.domain.invoicing import deductions
from codial_tui.domain.kinds import doc_type as kind_of
from codial_tui.domain.lines.totals import Totals, footer_shares, totals
from codial_tui.domain.payments import instalments, payment_code
from codial_tui.domain.problems import Problem
from codial_tui.domain.quantity import format_cents, format_percent
from codial_tui.domain.spec import DocType, Side

from . import report_blocks
from .compose_rows import CELLS, tables_of
from .issuer import Issuer, Waste, identity, letterhead
from .mentions import Facts, Mention, mention_problems, mentions_of
from .paper import Block, Code, Paper, Sums, Table, Text, TotalRow, paper_date
from .paper_heads import (
    address_lines,
    changed_words,
    facts_lines,
    field_values,
    place_lines,
    title_of,
)
from .print_layout import Layout
from .report_blocks import WorkPaper
from .richtext import Paragraph, Run, fill, parse

ADJUSTMENT_WORDS = {
    "discount": "Remise",
    "charge": "Frais",
    "shipping": "Port",
    "billing_fee": "Frais de facturation",
}


@dataclass(frozen=True, slots=True)
class PaperSettings:
    """What the company or the person who prints chooses.

    watermark: PROVISOIRE, ÉCOLE, DUPLICATA 2… quote_fee: cents TTC, 0 = free. changed: ISO day on
    which lines changed after the first print, "" when they did not. origin: the one document it
    comes from, as titles of lines say it. ordered: by line uid, what the order asks for and what
    was delivered of it before this note, 10⁻⁴. work: what only a work order has.
    """

    options_apart: bool = True
    components: bool = False
    watermark: str = ""
    changed: str = ""
    origin: str = ""
    ordered: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    quote_fee: int = 0
    off_premises: bool = False
    waste: Waste = field(default_factory=Waste)
    with_letter: bool = True
    is_consumer: bool = False
    payment_code: bool = True
    work: WorkPaper = field(default_factory=WorkPaper)


@dataclass(frozen=True, slots=True)
class _Job:
    """What the blocks are made from."""

    document: Document
    layout: Layout
    issuer: Issuer
    totals: Totals
    settings: PaperSettings
    mentions: tuple[Mention, ...]
    tables: tuple[Table, Table | None]
    values: dict[str, str]
    problems: list[Problem]

    def rich(self, text: str) -> tuple[Paragraph, ...]:
        """A marked text with its fields; unknown ones become problems of the paper."""
        paragraphs, problems = fill(parse(text), self.values)
        self.problems.extend(one for one in problems if one not in self.problems)
        return paragraphs


def paper_of(
    document: Document,
    doc_type: DocType,
    layout: Layout,
    issuer: Issuer,
    settings: PaperSettings | None = None,
) -> Paper:
    """The document on paper. Its problems (a mention that lacks its facts, an unknown field) are
    warnings: the paper is complete without them.

    Raises KeyError when the layout names a column or block, or the declaration a mention, that
    does not exist.
    """
    settings = settings or PaperSettings()
    if early := instalments.discount_words(instalments.terms_of(document)):
        issuer = replace(issuer, discount_terms=early)
    sums = totals(document)
    facts = facts_of(document, issuer, sums, settings)
    job = _Job(
        document,
        layout,
        issuer,
        sums,
        settings,
        mentions_of(doc_type.mentions, facts),
        tables_of(
            document,
            layout,
            options_apart=settings.options_apart,
            components=settings.components,
            ordered=settings.ordered,
        ),
        field_values(document, doc_type, issuer, sums),
        mention_problems(doc_type.mentions, facts),
    )
    blocks: list[Block] = []
    for name in layout.blocks:
        made = BLOCKS[name](job)
        blocks += made if isinstance(made, tuple) else [made] if made is not None else []
    letter = job.rich(document.text("letter")) if settings.with_letter else ()
    return Paper(
        title=title_of(document, doc_type, layout.title),
        issuer=letterhead(issuer),
        logo=issuer.logo,
        party=address_lines(document, "billing", document.text("party_name")),
        place=place_lines(document, layout),
        facts=facts_lines(
            document,
            issuer,
            settings.work.changed or changed_words(doc_type, settings.changed),
            settings.origin,
        ),
        subject=document.text("subject"),
        watermark=settings.watermark,
        letter=letter,
        blocks=tuple(blocks),
        foot=identity(issuer),
        problems=tuple(job.problems),
    )


def facts_of(document: Document, issuer: Issuer, sums: Totals, settings: PaperSettings) -> Facts:
    """What the mention rules look at."""
    return Facts(
        issuer=issuer,
        is_consumer=settings.is_consumer or bool(document.number("party_is_consumer")),
        party_name=document.text("party_name"),
        party_country=document.text("billing_country") or "FR",
        vat_keys=frozenset((row.category, row.rate) for row in sums.vat),
        supply_natures=frozenset(line.supply_nature for line in document.lines if line.counts),
        vat_category=document.text("vat_category") or "S",
        vat_mention=document.text("vat_mention"),
        off_premises=settings.off_premises,
        validity=document.text("valid_until"),
        quote_fee=settings.quote_fee,
        waste=settings.waste,
        vat_on_debits=bool(document.number("vat_on_debits")),
    )


# ---- blocks: one function a name, None when there is nothing to print


def _text(job: _Job, name: str) -> Text | None:
    paragraphs = job.rich(job.document.text(name))
    return Text(paragraphs) if paragraphs else None


def _opening(job: _Job) -> Block | None:
    return _text(job, "opening_text")


def _closing(job: _Job) -> Block | None:
    return _text(job, "closing_text")


def _lines(job: _Job) -> Block | None:
    """The table; that of a report stands under others: it has a title, and none without lines."""
    if "times" not in job.layout.blocks:
        return job.tables[0]
    return None if _is_bare(job) else replace(job.tables[0], title="Pièces et main d'œuvre")


def _is_bare(job: _Job) -> bool:
    return "times" in job.layout.blocks and not job.tables[0].rows


def _options(job: _Job) -> Block | None:
    return job.tables[1]


def _deducted(document: Document, sums: Totals) -> list[TotalRow]:
    """What is kept from the TTC, down to what is to be paid."""
    parts = deductions.parts(document)
    if not parts:
        return []
    rows = [TotalRow(one.label, format_cents(-one.amount)) for one in parts]
    return [*rows, TotalRow("Net à payer", f"{format_cents(sums.payable)} €", strong=True)]


def _sums(job: _Job) -> Block | None:
    if _is_bare(job) and not job.totals.gross:
        return None
    document, sums = job.document, job.totals
    mode = "TTC" if document.gross_mode else "HT"
    rows = []
    shares: dict[str, int] = {}
    for share in footer_shares(document):
        shares[share.uid] = shares.get(share.uid, 0) + share.amount
    adjusted = [one for one in document.adjustments if shares.get(one.uid)]
    if adjusted:
        rows.append(TotalRow(f"Total des lignes {mode}", format_cents(sums.brut + sums.hidden)))
        for one in adjusted:
            label = one.label or ADJUSTMENT_WORDS.get(one.type, "Ajustement")
            percent = f" {format_percent(one.percent)}" if one.percent is not None else ""
            rows.append(TotalRow(f"{label}{percent}", format_cents(shares[one.uid])))
    rows.append(TotalRow("Total HT", format_cents(sums.net)))
    rows += [
        TotalRow(f"TVA {format_percent(row.rate)}", format_cents(row.amount))
        for row in sums.vat
        if row.category == "S"
    ]
    rows.append(TotalRow("Total TTC", f"{format_cents(sums.gross)} €", strong=True))
    rows += _deducted(document, sums)
    table = tuple(
        (
            format_percent(row.rate) if row.category == "S" else "Sans TVA",
            format_cents(row.base),
            format_cents(row.amount),
        )
        for row in sums.vat
    )
    notes = []
    if sums.eco:
        notes.append(f"Dont éco-contribution {mode} : {format_cents(sums.eco)} €")
    notes += [
        f"{part.label} : à régler le {paper_date(date.fromisoformat(part.release_on))}"
        for part in deductions.parts(document)
        if part.release_on
    ]
    if sums.options and job.tables[1] is None:
        notes.append("Montants entre parenthèses : non compris dans le total.")
    return Sums(tuple(rows), ("TVA", "Base HT", "Montant TVA"), table, tuple(notes))


def _due_words(document: Document) -> str:
    """When it is to be paid: the day, or the parts (C. com. L441-9 I); "" before it is known."""
    if not document.text("due_date"):
        return ""
    dues = [one for one in instalments.instalments(document) if one.nature == "term"]
    if len(dues) == 1:
        return f"À régler le {paper_date(dues[0].day)}."
    parts = (f"{format_cents(one.amount)} € le {paper_date(one.day)}" for one in dues)
    return f"Échéances : {', '.join(parts)}." if dues else ""


def _payment_code(job: _Job) -> Block | None:
    """What a banking application reads to pay the invoice, where there is something to pay."""
    document, issuer = job.document, job.issuer
    number = document.text("number")
    if not number or not issuer.iban or not job.settings.payment_code:
        return None
    cents = job.totals.payable
    text = payment_code.payload(issuer.name, issuer.iban, issuer.bic, cents, number)
    if not text:
        return None
    words = ("Code à lire par l'application de votre banque (virement SEPA)",)
    return Code(text, f"Payer {format_cents(cents)} € par virement", words)


def _terms(job: _Job) -> Block | None:
    label = job.document.text("payment_terms_label")
    first = [f"Règlement : {label}."] if label else []
    if due := _due_words(job.document):
        first.append(due)
    if job.totals.payable < 0 and kind_of(job.document.kind).bills:
        first = ["Porté à votre crédit : déduit de ce que vous devez, ou remboursé."]
    elif job.issuer.iban and kind_of(job.document.kind).side is Side.SALE:
        bic = f" – BIC {job.issuer.bic}" if job.issuer.bic else ""
        first.append(f"IBAN {job.issuer.iban}{bic}")
    late = [one.text for one in job.mentions if one.place == "terms"]
    paragraphs = _plain((" ".join(first), " ".join(late)))
    return Text(paragraphs, "Conditions de règlement", small=True) if paragraphs else None


def _mentions(job: _Job) -> Block | None:
    paragraphs = tuple(
        (Run(f"{one.title} : ", bold=True), Run(one.text)) if one.title else (Run(one.text),)
        for one in job.mentions
        if one.place == "mention"
    )
    return Text(paragraphs, small=True) if paragraphs else None


def _certification(job: _Job) -> Block | None:
    paragraphs = tuple(
        (Run(f"{one.title} : ", bold=True), Run(one.text))
        for one in job.mentions
        if one.place == "certification"
    )
    if not paragraphs:
        return None
    return Text(paragraphs, "Certification du client", small=True, framed=True)


def _plain(texts: Iterable[str]) -> tuple[Paragraph, ...]:
    return tuple((Run(text),) for text in texts if text)


BLOCKS: dict[str, Callable[[_Job], Block | tuple[Block, ...] | None]] = {
    "opening": _opening,
    "lines": _lines,
    "options": _options,
    "totals": _sums,
    "terms": _terms,
    "payment_code": _payment_code,
    "closing": _closing,
    "mentions": _mentions,
    "certification": _certification,
    "signature": lambda job: report_blocks.signature(job.layout, job.settings.work),
    "times": lambda job: report_blocks.times_table(job.document, job.layout, job.settings.work),
    "machines": lambda job: report_blocks.machine_blocks(job.document, job.layout),
    "photos": lambda job: report_blocks.photos(job.settings.work),
}
"""What a layout may name as a block."""


def layout_problems(one: Layout) -> list[str]:
    """What a layout names that does not exist, in words; a test runs it over all of them."""
    return [f"{one.name}: no block {name}" for name in one.blocks if name not in BLOCKS] + [
        f"{one.name}: no cell {column.name}" for column in one.columns if column.name not in CELLS
    ]
