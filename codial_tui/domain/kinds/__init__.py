"""The registry of document kinds: one declaration a file, everything derives from it."""

from __future__ import annotations

from ..spec import DocType, Inbound
from .delivery_note import DELIVERY_NOTE
from .execution_quote import EXECUTION_QUOTE
from .goods_receipt import GOODS_RECEIPT
from .invoice import INVOICE
from .order import ORDER
from .price_request import PRICE_REQUEST
from .purchase_order import PURCHASE_ORDER
from .purchase_request import PURCHASE_REQUEST
from .quote import QUOTE
from .subcontract_order import SUBCONTRACT_ORDER
from .supplier_invoice import SUPPLIER_INVOICE
from .supplier_return import SUPPLIER_RETURN
from .work_order import WORK_ORDER

_REGISTRY: dict[str, DocType] = {}


def register(doc_type: DocType) -> DocType:
    """Add a kind. Raises ValueError when its kind, its key on its side, or its list code is
    taken."""
    for other in _REGISTRY.values():
        if other.kind == doc_type.kind:
            raise ValueError(f"kind {doc_type.kind} is registered already")
        if other.code == doc_type.code or (other.side, other.key) == (doc_type.side, doc_type.key):
            raise ValueError(f"key or code of {doc_type.kind} is taken by {other.kind}")
    _REGISTRY[doc_type.kind] = doc_type
    return doc_type


def unregister(kind: str) -> None:
    """Take a kind out again (tests that invent one)."""
    _REGISTRY.pop(kind, None)


def doc_type(kind: str) -> DocType:
    """The declaration of a kind. Raises KeyError."""
    return _REGISTRY[kind]


def ref_of(kind: str, document_id: int) -> str:
    """What names a document without a number: `FA-P117` for one that gets it at validation."""
    numbering = _REGISTRY[kind].numbering if kind in _REGISTRY else None
    if numbering is not None and numbering.given == "validate":
        return f"{numbering.code}-P{document_id}"
    return f"{kind}-{document_id}"


def cited(kind: str, ref: str, day: str) -> str:
    """How another document names what it comes from: `commande CC26-00012 du 03/11/2026`.
    day: ISO."""
    return f"{doc_type(kind).title.lower()} {ref} du {day[8:10]}/{day[5:7]}/{day[:4]}"


def doc_types(edition: str = "") -> tuple[DocType, ...]:
    """The kinds switched on in an edition (`building`, `building+enterprise`; "" = all), in
    chain order."""
    names = frozenset(edition.split("+")) if edition else frozenset()
    return tuple(
        one for one in _REGISTRY.values() if not edition or not one.editions or one.editions & names
    )


def outbound(kind: str, editions: str = "") -> tuple[tuple[DocType, Inbound], ...]:
    """What a kind can become in these editions, with how; letters of F6 are those of `Inbound`."""
    return tuple(
        (one, inbound)
        for one in doc_types(editions)
        for inbound in one.inbound
        if inbound.source == kind
    )


def pools_of(kind: str) -> tuple[str, ...]:
    """The pools that the lines of a kind have: what other kinds take of them."""
    names = [
        name
        for _, inbound in outbound(kind)
        for name in (*inbound.pools, *filter(None, (inbound.asks,)))
    ]
    return tuple(dict.fromkeys(names))


for _one in (
    *(QUOTE, ORDER, WORK_ORDER, DELIVERY_NOTE, INVOICE, EXECUTION_QUOTE),
    *(PURCHASE_REQUEST, PRICE_REQUEST, PURCHASE_ORDER, SUBCONTRACT_ORDER),
    *(GOODS_RECEIPT, SUPPLIER_RETURN, SUPPLIER_INVOICE),
):
    register(_one)
