"""Retour fournisseur: what goes back, in negative quantities; validated, it leaves the stock."""

from __future__ import annotations

from ..spec import Inbound
from .goods_receipt import GOODS_RECEIPT
from .purchase import CARRIED

SUPPLIER_RETURN = GOODS_RECEIPT._replace(
    kind="supplier_return",
    title="Retour fournisseur",
    plural="Retours fournisseur",
    key="T",
    code="rf",
    short="retour",
    numbering=GOODS_RECEIPT.numbering._replace(code="RF", pattern="RF{yy}-{n:05}"),
    marks=(),
    effects={"print": ("mark_printed", "log_event"), "validate": ("stock_back",)},
    inbound=(
        Inbound(
            "goods_receipt",
            letter="T",
            relation="return",
            pools=("bill",),
            ready="receipt_validated",
            refusal=("Seule une réception validée se retourne", "validez-la : F8"),
            sign=-1,
            header_fields=CARRIED,
            label="retour",
        ),
    ),
    floors=(),
    layout="supplier_return",
)
