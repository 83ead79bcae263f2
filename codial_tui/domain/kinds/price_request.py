"""Demande de prix: the same lines asked of several suppliers, their answers compared."""

from __future__ import annotations

from ..spec import Inbound, Mark, Move, State, Tab
from .purchase import CARRIED
from .purchase_request import PURCHASE_REQUEST

PRICE_REQUEST = PURCHASE_REQUEST._replace(
    kind="price_request",
    title="Demande de prix",
    plural="Demandes de prix",
    key="P",
    code="dp",
    short="prix",
    tabs=(
        *PURCHASE_REQUEST.tabs[:2],
        Tab("suppliers", "Fournisseurs", "N", "suppliers", short="Fourn."),
        *PURCHASE_REQUEST.tabs[2:],
    ),
    numbering=PURCHASE_REQUEST.numbering._replace(code="DP", pattern="DP{yy}-{n:05}"),
    fields=tuple(
        one._replace(label="Réponse le") if one.name == "expected_date" else one
        for one in PURCHASE_REQUEST.fields
    ),
    states=(
        State("open", "Ouverte", "O", "Ouvertes"),
        State("sent", "Envoyée", "E", "Envoyées"),
        State("closed", "Close", "C", "Closes", "√", "settled"),
    ),
    moves=(
        Move("open", "sent", barrier=True),
        Move("open", "closed", barrier=True),
        Move("sent", "closed", barrier=True),
    ),
    marks=(Mark("waiting", "En attente", "request_waiting", "", "", "Prix demandés", said=False),),
    effects={"print": ("mark_printed", "mark_sent", "log_event")},
    inbound=(Inbound("purchase_request", letter="P", header_fields=CARRIED),),
    floors=(),
    layout="price_request",
)
