"""Commande de sous-traitance: works that another firm does, VAT reversed in building (art. 283-2
nonies CGI)."""

from __future__ import annotations

from .purchase_order import PURCHASE_ORDER

SUBCONTRACT_ORDER = PURCHASE_ORDER._replace(
    kind="subcontract_order",
    title="Commande de sous-traitance",
    plural="Commandes de sous-traitance",
    key="S",
    code="cs",
    short="sous-trait",
    numbering=PURCHASE_ORDER.numbering._replace(code="CS", pattern="CS{yy}-{n:05}"),
    marks=tuple(one._replace(todo="") for one in PURCHASE_ORDER.marks),
    inbound=(),
    layout="subcontract_order",
    mentions=("subcontract_order",),
)
