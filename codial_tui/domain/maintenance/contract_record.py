"""Contracts as records: what is typed, and the columns of their list."""

from __future__ import annotations

from codial_tui.domain.spec import YES_NO, Column, Field, FieldType, Page, RecordType, Tab

KINDS = (
    ("flat", "Forfait"),
    ("points", "Points"),
    ("incidents", "Incidents"),
    ("copies", "Copies"),
)
UNITS = (("month", "Mois"), ("day", "Jours"))
RENEWALS = (("tacit", "Tacite"), ("none", "Aucune"), ("open", "Sans fin"))
REVISIONS = (("none", "Aucune"), ("coefficient", "Coefficient"), ("index", "Indice"))
WHEN = (("advance", "D'avance"), ("arrears", "À terme échu"))
STATES = (("active", "En cours"), ("suspended", "Suspendu"), ("ended", "Résilié"))
END_DATES = (("renewal", "Échéance"), ("term", "Terme"))


def _flag(name: str, label: str) -> Field:
    return Field(name, label, FieldType.BOOL, choices=YES_NO, width=4, help="Compris dans le prix.")


TERM = (
    Field("duration", "Durée", FieldType.INTEGER, width=6, help="D'un terme. Celle du modèle."),
    Field("duration_unit", "Unité", FieldType.CHOICE, choices=UNITS, width=6),
    Field(
        "renewal",
        "Reconduction",
        FieldType.CHOICE,
        choices=RENEWALS,
        width=9,
        help="T tacite, A aucune : fini au terme, S sans fin : à durée indéterminée.",
    ),
)
BILLING = (
    Field("kind", "Type", FieldType.CHOICE, choices=KINDS, width=10),
    Field("price", "Prix HT", FieldType.CENTS, width=12, help="D'une facture."),
    Field("vat_rate", "TVA", FieldType.REFERENCE, picks="vat_rate", width=8),
    Field("item_id", "Article", FieldType.REFERENCE, picks="item", help="Vide : ligne libre."),
    Field("billing_every", "Tous les (mois)", FieldType.INTEGER, width=4, help="Une facture."),
    Field("billing_when", "Facturé", FieldType.CHOICE, choices=WHEN, width=13),
    Field(
        "quota",
        "Compris",
        FieldType.QUANTITY,
        width=12,
        help="Points, incidents ou copies d'un terme.",
    ),
    Field("extra_price", "Au-delà, l'un", FieldType.PRICE, width=12, help="HT, par point, copie…"),
    Field("revision", "Révision", FieldType.CHOICE, choices=REVISIONS, width=12),
    Field(
        "coefficient",
        "Coefficient",
        FieldType.COEFFICIENT,
        width=10,
        help="À chaque reconduction : 1,02 augmente de 2 %.",
    ),
)
VISITS = (
    Field(
        "visit_rule",
        "Visites",
        max_length=80,
        help="4 par an · tous les 3 mois · mars, septembre · 1er lundi de mars",
    ),
    Field("visits", "Par an", FieldType.INTEGER, store="computed", width=4),
    Field(
        "letter_visit",
        "Avis de visite",
        FieldType.INTEGER,
        width=6,
        help="Lettre, tant de jours avant ; 0 : aucune.",
    ),
    Field(
        "letter_end",
        "Avis de terme",
        FieldType.INTEGER,
        width=6,
        help="Lettre, tant de jours avant ; 0 : aucune.",
    ),
)
COVER = (
    _flag("visit_articles", "Visite : articles"),
    _flag("visit_consumables", "consommables"),
    _flag("visit_labour", "main d'œuvre"),
    _flag("visit_travel", "déplacement"),
    _flag("repair_articles", "Dépan. : articles"),
    _flag("repair_consumables", "consommables"),
    _flag("repair_labour", "main d'œuvre"),
    _flag("repair_travel", "déplacement"),
)
DESCRIPTION = Field("description", "Description", FieldType.LONG_TEXT, max_length=4000)
SHARED = tuple(one.name for one in (*TERM, *BILLING, *VISITS, *COVER, DESCRIPTION))
"""What a contract takes from its model."""

_OWN = (
    Field("number", "Numéro", store="computed", width=12),
    Field("label", "Objet", max_length=120, help="Vide : celui du modèle."),
    Field("party_id", "Client", FieldType.REFERENCE, required=True, picks="customer"),
    Field("address_id", "Site", FieldType.REFERENCE, picks="address", help="Vide : le client."),
    Field("model_id", "Modèle", FieldType.REFERENCE, picks="contract_model"),
    Field(
        "parent_id",
        "Facturé par",
        FieldType.REFERENCE,
        picks="contract",
        help="Contrat centralisateur : une facture, une ligne par contrat.",
    ),
    Field("starts_on", "Début", FieldType.DATE, width=10),
    Field("term_on", "Échéance", FieldType.DATE, store="computed", width=10),
    Field(
        "final_on",
        "Terme au",
        FieldType.DATE,
        width=10,
        help="Plus de reconduction de ce jour-là ; vide : sans limite.",
    ),
    Field("due_from", "Repris au", FieldType.DATE, width=10, help="Ce qui tombait avant est fait."),
    Field(
        "state",
        "État",
        FieldType.CHOICE,
        choices=STATES,
        width=10,
        help="Suspendu ne fait rien ; repris, tout est dû depuis « Repris au », s'il est tapé.",
    ),
    Field("ended_on", "Résilié au", FieldType.DATE, width=10, help="Premier jour sans contrat."),
    Field("end_reason", "Motif", max_length=120),
    Field("salesperson_id", "Commercial", FieldType.REFERENCE, picks="user", width=18),
    Field("technician_id", "Technicien", FieldType.REFERENCE, picks="user", width=18),
    Field("payment_terms_id", "Règlement", FieldType.REFERENCE, picks="payment_terms"),
    Field("index_base", "Indice d'origine", FieldType.COEFFICIENT, width=12),
    Field("index_now", "Indice actuel", FieldType.COEFFICIENT, width=12),
    Field("notes", "Notes", FieldType.LONG_TEXT, max_length=4000),
)


def _names(*fields: Field) -> tuple[str, ...]:
    return tuple(one.name for one in fields)


def billing_tab(*right: str) -> Tab:
    """Facturation; right: the fields of its second column."""
    return Tab(
        "billing", "Facturation", "F", pages=(Page("Facturation", _names(*BILLING[:8]), right),)
    )


VISITS_TAB = Tab(
    "visits", "Visites", "V", pages=(Page("Visites", _names(*VISITS), _names(*COVER)),)
)

_HEADER = Page(
    "Entête",
    (
        *("number", "label", "party_id", "address_id", "model_id", "parent_id", ""),
        *("starts_on", "duration", "duration_unit", "renewal", "term_on", "final_on"),
    ),
    (
        *("state", "ended_on", "end_reason", "due_from", ""),
        *("salesperson_id", "technician_id", "payment_terms_id", "", "description", "notes"),
    ),
)

CONTRACT = RecordType(
    name="contract",
    title="Contrat",
    plural="Contrats",
    gender="m",
    code="ct",
    table="contract",
    key="number",
    label="label",
    fields=(*_OWN, *TERM, *BILLING, *VISITS, *COVER, DESCRIPTION),
    tabs=(
        Tab("header", "Entête", "E", pages=(_HEADER,)),
        billing_tab("revision", "coefficient", "index_base", "index_now"),
        VISITS_TAB,
    ),
    list_columns=(
        Column("number", "Numéro", width=10),
        Column("label", "Objet", min_width=12, shrinks=True),
        Column("party_id_label", "Client", width=20, shrinks=True, source="words"),
        Column("kind_label", "Type", width=9, source="words", hidden_below=100),
        Column("starts_on", "Début", FieldType.DATE, width=8, hidden_below=100),
        Column("term_on", "Échéance", FieldType.DATE, width=8),
        Column("price", "Prix HT", FieldType.CENTS, width=10, width_from_data=True),
        Column("state_label", "État", width=8, source="words"),
    ),
    quick=("party_id", "model_id", "label", "starts_on", "price"),
    folds=("label",),
    once=("number",),
    tool="contract",
    room="maintenance",
)
