"""The tools of Lignes (F7): one table from which the menu, its letters and its questions derive.

Each tool plans a pure change on the chosen lines; `run` commits it as one undo step.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from codial_tui.domain.chain.transfer import is_carried
from codial_tui.domain.changes import set_header
from codial_tui.domain.draft import Plan
from codial_tui.domain.lines import arrange, choices, force_price, tools
from codial_tui.domain.lines.line_numbers import parse_numbering
from codial_tui.domain.problems import Invalid, Problem, invalid
from codial_tui.domain.quantity import (
    format_percent,
    parse_cents,
    parse_coefficient,
    parse_percent,
)
from codial_tui.domain.spec import Column, Tab
from codial_tui.errors import Refused
from codial_tui.services.chain import delivering, pools
from codial_tui.services.records import catalogue, settings

from . import entering, pricing
from .editing import Editor

Uids = Sequence[str] | None
"""The lines a tool acts on; None is the whole document."""


@dataclass(frozen=True, slots=True)
class LineTool:
    """One tool. ask: what row 23 asks for, "" when nothing; scoped: acts on a selection, a
    chapter or everything (asked when nothing is marked); plan: editor, lines, typed text → Plan;
    column: of lines, without which a kind does not have the tool; whole: acts on everything when
    nothing is marked."""

    letter: str
    name: str
    label: str
    plan: Callable[[Editor, Uids, str], Plan]
    ask: str = ""
    scoped: bool = False
    column: str = ""
    whole: bool = False


def tools_of(tab: Tab) -> list[LineTool]:
    """The tools that the lines of a kind have."""
    columns = {one.name for one in tab.columns} | {""}
    return [one for one in LINE_TOOLS if one.column in columns]


def _discount(editor: Editor, uids: Uids, text: str) -> Plan:
    return tools.discount(editor.document, uids, entering.discounts_of(text))


def _coefficient(editor: Editor, uids: Uids, text: str) -> Plan:
    return tools.apply_coefficient(editor.document, uids, parse_coefficient(text))


def _marque(editor: Editor, uids: Uids, text: str) -> Plan:
    return tools.apply_marque(editor.document, uids, parse_percent(text))


def _force(editor: Editor, uids: Uids, text: str) -> Plan:
    target = parse_cents(text)
    if uids is None:
        return force_price.force_total(editor.document, target)
    return force_price.force_price(editor.document, uids, target)


def _vat(editor: Editor, uids: Uids, text: str) -> Plan:
    rate = parse_percent(text)
    if rate not in editor.facts().rates:
        raise invalid(
            "vat_rate.unknown",
            f"TVA {format_percent(rate)} inconnue",
            "codial-tui vat add",
            "vat_rate",
        )
    return tools.change_vat(editor.document, uids, rate)


def _hidden(editor: Editor, uids: Uids, text: str) -> Plan:
    return tools.hide_charge(editor.document, editor.context.uid, **_part(text))


def _part(text: str) -> dict[str, int | None]:
    """`5 %` is a percent, anything else an amount; empty takes it away."""
    if text.strip().endswith("%"):
        return {"percent": parse_percent(text), "amount": 0}
    return {"percent": None, "amount": parse_cents(text) if text.strip() else 0}


def _footer(kind: str) -> Callable[[Editor, Uids, str], Plan]:
    def plan(editor: Editor, uids: Uids, text: str) -> Plan:
        return tools.set_footer(editor.document, kind, editor.context.uid, **_part(text))

    return plan


def _price_list(editor: Editor, uids: Uids, text: str) -> Plan:
    """Prices of today's price list of the document for every line of the catalogue."""
    prices = {}
    for line in tools.scope(editor.document, uids):
        item = catalogue.by_reference(editor.context, line.reference) if line.reference else None
        if item is not None:
            usual = pricing.price_of(editor.context, editor.document, item, line.quantity)
            if usual.price is not None:
                prices[line.uid] = usual.price
    return tools.set_prices(editor.document, prices)


def _first(uids: Uids) -> str:
    if not uids:
        raise invalid("tool.no_line", "Aucune ligne choisie", "placez le curseur sur une ligne")
    return uids[0]


def _option(editor: Editor, uids: Uids, text: str) -> Plan:
    line = editor.document.line(_first(uids))
    if line.tag == "variant":
        return choices.choose_variant(editor.document, line.uid)
    return choices.choose_options(editor.document, uids or ())


def _numbering(editor: Editor, uids: Uids, text: str) -> Plan:
    change = set_header(editor.document, numbering=parse_numbering(text))
    return Plan([change] if change else [])


def _deliver(editor: Editor, uids: Uids, text: str) -> Plan:
    return delivering.fill(editor, uids)


LINE_TOOLS = (
    LineTool(
        "R", "discount", "Remise", _discount, "Remise en % (10, ou 10+5, vide = aucune)", True
    ),
    LineTool(
        "C", "coefficient", "Coefficient", _coefficient, "Coefficient sur le prix de revient", True
    ),
    LineTool("M", "marque", "Marque", _marque, "Taux de marque en %", True),
    LineTool("F", "force", "Forcer un prix", _force, "Montant à atteindre", True),
    LineTool("V", "vat", "Taux de TVA", _vat, "Taux de TVA en %", True),
    LineTool("A", "prices", "Appliquer le tarif", _price_list, scoped=True),
    LineTool("H", "hidden", "Frais cachés", _hidden, "Frais à répartir dans les prix (100 ou 2 %)"),
    LineTool(
        "D",
        "foot",
        "Remise de pied",
        _footer("discount"),
        "Remise de pied (50 ou 2 %, vide = aucune)",
    ),
    LineTool("P", "shipping", "Frais de port", _footer("shipping"), "Frais de port (vide = aucun)"),
    LineTool("B", "fee", "Frais de facturation", _footer("billing_fee"), "Frais de facturation"),
    LineTool(
        "E",
        "explode",
        "Éclater l'ouvrage",
        lambda editor, uids, text: choices.explode(editor.document, _first(uids)),
    ),
    LineTool(
        "S",
        "somme",
        "Somme ST : en faire un ensemble",
        lambda editor, uids, text: choices.close_subtitle(editor.document, _first(uids)),
    ),
    LineTool("O", "choose", "Retenir l'option ou la variante", _option),
    LineTool(
        "I",
        "indent",
        "Chapitre : un niveau de plus",
        lambda editor, uids, text: arrange.indent(editor.document, uids or (), 1),
    ),
    LineTool(
        "J",
        "outdent",
        "Chapitre : un niveau de moins",
        lambda editor, uids, text: arrange.indent(editor.document, uids or (), -1),
    ),
    LineTool(
        "U",
        "up",
        "Monter",
        lambda editor, uids, text: arrange.move(editor.document, uids or (), down=False),
    ),
    LineTool(
        "N",
        "down",
        "Descendre",
        lambda editor, uids, text: arrange.move(editor.document, uids or (), down=True),
    ),
    LineTool("L", "deliver", "Tout livrer", _deliver, column=delivering.COLUMN, whole=True),
    LineTool(
        "1",
        "numbering",
        "Numéroter les lignes",
        _numbering,
        "Premier numéro (1.1 ou vide = par chapitre, 1 ou 100 = à la suite)",
    ),
    LineTool(
        "2",
        "duplicate",
        "Dupliquer",
        lambda editor, uids, text: arrange.duplicate(
            editor.document, uids or (), editor.context.uid
        ),
    ),
)
BY_LETTER = {tool.letter: tool for tool in LINE_TOOLS}


def run(editor: Editor, tool: LineTool, uids: Uids, text: str = "") -> list[Problem]:
    """Run a tool as one step; returns its warnings. Raises Refused with the reason."""
    try:
        plan = tool.plan(editor, uids, text)
    except Invalid as error:
        raise Refused(*error.problems) from error
    return editor.run(plan, tool.label)


def copy(editor: Editor, uids: Sequence[str]) -> int:
    """Copy lines to the clip of this session, for any document; returns how many."""
    clip = arrange.copy(editor.document, uids)
    editor.context.cache["clip"] = clip
    return len(clip.rows)


def cut(editor: Editor, uids: Sequence[str]) -> int:
    """Cut lines to the clip, as one step."""
    clip, plan = arrange.cut(editor.document, uids)
    editor.run(plan, f"Coupé {len(clip.rows)} lignes")
    editor.context.cache["clip"] = clip
    return len(clip.rows)


def paste(editor: Editor, after: str | None) -> tuple[str, int]:
    """Paste the clip after a line, as one step; the uid of its first line and how many there are.
    Raises Refused when it is empty."""
    clip = editor.context.cache.get("clip")
    if clip is None:
        raise Refused(
            Problem("clip.empty", "", "Rien à coller", "Ctrl+C copie les lignes marquées")
        )
    plan = arrange.paste(editor.document, clip, after, editor.context.uid)
    editor.run(plan, f"Collé {len(clip.rows)} lignes")
    return next(one.uid for one in plan.changes if one.op == "insert"), len(clip.rows)


def shown_columns(editor: Editor, columns: Sequence[Column]) -> frozenset[str]:
    """Names of the columns this user chose for this kind, else those shown by default; one that
    needs a right the user lacks is never among them."""
    chosen = settings.value(editor.context, f"columns.{editor.kind.kind}")
    user = editor.context.user
    return frozenset(
        one.name
        for one in columns
        if user.may(one.right) and (one.name in chosen if chosen is not None else one.default)
    )


def choose_columns(editor: Editor, names: Sequence[str]) -> None:
    """Remember the columns this user wants to see for this kind."""
    settings.store(editor.context, f"columns.{editor.kind.kind}", list(names))


def provided(editor: Editor, columns: Sequence[Column]) -> dict[str, dict[str, Any]]:
    """Values of the provider columns in view by column name and line uid, one query each."""
    found: dict[str, dict[str, Any]] = {}
    if any(column.source == "provider:order_progress" for column in columns):
        found |= order_progress(editor)
    if not any(column.source in _PROVIDERS for column in columns):
        return found
    lines = [line for line in editor.document.lines if line.item_id is not None]
    ids = sorted({line.item_id for line in lines if line.item_id is not None})
    for column in columns:
        if column.source in _PROVIDERS and ids:
            values = _PROVIDERS[column.source](editor, ids)
            found[column.name] = {line.uid: values.get(line.item_id) for line in lines}
    return found


def order_progress(editor: Editor) -> dict[str, dict[str, Any]]:
    """Livré, Reste and the sign of what is delivered, by column name and line uid, in one query.
    Livré counts printed delivery notes and validated invoices (domain.md §2)."""
    gone = pools.delivered(editor.context.database, editor.document.id)
    lines = [line for line in editor.document.lines if is_carried(line)]
    rest = {line.uid: line.quantity - gone.get(line.uid, 0) for line in lines}
    return {
        "delivered": {line.uid: gone.get(line.uid, 0) for line in lines},
        "rest": rest,
        "delivered_sign": {
            line.uid: "√" if not rest[line.uid] else "~" if gone.get(line.uid) else ""
            for line in lines
            if line.quantity
        },
    }


def delivered_amounts(editor: Editor) -> tuple[int, int]:
    """Cents HT of what was delivered, and of what is À livrer."""
    gone = pools.delivered(editor.context.database, editor.document.id)
    done = wanted = 0
    for line in editor.document.lines:
        if line.counts and is_carried(line):
            done += pools.share(line.net_amount, line.quantity, gone.get(line.uid, 0))
            wanted += pools.share(line.net_amount, line.quantity, line.to_deliver)
    return done, wanted


def _eans(editor: Editor, ids: list[int]) -> dict[int, Any]:
    marks = ", ".join("?" * len(ids))
    return dict(
        editor.context.database.rows(f"SELECT id, ean FROM item WHERE id IN ({marks})", tuple(ids))
    )


_PROVIDERS: dict[str, Callable[[Editor, list[int]], dict[Any, Any]]] = {
    "provider:stock": lambda editor, ids: catalogue.stock(editor.context, ids),
    "provider:item_ean": _eans,
}
