"""Which open document of a supplier takes lines that are ordered, and what has to be agreed for it
(domain.md §4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from codial_tui.domain.chain.merge import CHOICE_FIELDS, compare, group_of
from codial_tui.domain.document import Document, Value
from codial_tui.domain.kinds import doc_type
from codial_tui.domain.kinds.purchase import CRITERIA
from codial_tui.domain.problems import Problem
from codial_tui.errors import Refused, refuse
from codial_tui.services.chain import merging
from codial_tui.services.chain.merging import Candidate
from codial_tui.services.context import Context
from codial_tui.services.documents import documents
from codial_tui.services.documents.editing import Editor


def candidates(context: Context, kind: str, supplier_id: int) -> list[Candidate]:
    """The open documents of a supplier that could take the lines, refused ones with reasons."""
    spec = doc_type(kind)
    new = blank(context, kind, supplier_id)
    return merging.joinable(context, new, spec, CRITERIA)


def blank(context: Context, kind: str, supplier_id: int) -> Document:
    """A new document of a supplier; their prices are before VAT."""
    document = documents.blank(context, kind, supplier_id)
    document.header["price_mode"] = "net"
    return document


def agreed(
    context: Context,
    editor: Editor,
    kind: str,
    supplier_id: int,
    choices: Mapping[str, str] | None,
) -> dict[str, Value]:
    """The header values that win in an open document that takes lines. Raises Refused when it
    cannot take them, or nobody said which value wins."""
    document = editor.document
    if editor.reason:
        raise refuse("document.locked", f"{document.ref} : {editor.reason}", "créez-en une autre")
    if document.kind != kind:
        raise refuse("merge.kind", f"{document.ref} n'est pas une telle commande", "", "into")
    source = blank(context, kind, supplier_id)
    facts = merging.target_facts(context, doc_type(kind), document, source)
    found = compare(CRITERIA, source.header, document.header, facts)
    if group_of(found) == "refused":
        raise Refused(*(merging.blocked(one) for one in found if one.level == "blocking"))
    undecided = [one for one in found if (choices or {}).get(one.code) not in ("source", "target")]
    if undecided:
        raise Refused(
            *(
                Problem(
                    f"choice.{one.code}",
                    one.field,
                    f"{one.label} : « {one.target} » ou « {one.source} »",
                    f"--choose {one.code}=target",
                )
                for one in undecided
            )
        )
    return {
        name: source.header.get(name)
        for one in found
        if (choices or {}).get(one.code) == "source"
        for name in CHOICE_FIELDS[one.code]
    }


def take_back(context: Context, new: Sequence[int], joined: Sequence[Editor]) -> None:
    """Undo what was ordered before the rest of it was refused: the new documents, and the last
    step of those that took lines."""
    for editor in joined:
        editor.undo()
    for document_id in new:
        documents.delete(context, document_id)
