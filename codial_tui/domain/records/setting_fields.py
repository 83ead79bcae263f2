"""Settings of the company that are no columns: named values, declared as fields of one page."""

from __future__ import annotations

from typing import NamedTuple

from codial_tui.domain.clock import DEFAULT_ZONE
from codial_tui.domain.maintenance.contract_record import END_DATES
from codial_tui.domain.maintenance.report_check import MODES
from codial_tui.domain.maintenance.time_units import UNITS
from codial_tui.domain.spec import YES_NO, Field, FieldType, Page


class CompanySetting(NamedTuple):
    """One of them. field.name: the setting, `NAME/KEY` for one key of an object; default: what
    holds while nothing was set; least, most: bounds of a number."""

    field: Field
    default: int | str
    least: int = 0
    most: int = 0


def _text(name: str, label: str, help: str) -> CompanySetting:
    return CompanySetting(Field(name, label, max_length=400, help=help), "")


def _yes_no(name: str, label: str, default: int, help: str) -> CompanySetting:
    field = Field(name, label, FieldType.BOOL, choices=YES_NO, width=4, help=help)
    return CompanySetting(field, default)


def _item(name: str, label: str, help: str) -> CompanySetting:
    field = Field(name, label, FieldType.REFERENCE, picks="item", width=40, help=help)
    return CompanySetting(field, "")


COMPANY_SETTINGS = (
    CompanySetting(
        Field("quote.validity_days", "Validité", FieldType.INTEGER, width=6, help="En jours."),
        30,
        1,
        3_650,
    ),
    CompanySetting(
        Field("quote.fee", "Devis payant", FieldType.CENTS, width=12, help="TTC. 0 : gratuit."),
        0,
        0,
        100_000_000,
    ),
    CompanySetting(
        Field(
            "invoice.retention_base",
            "Retenue sur",
            FieldType.CHOICE,
            choices=(("gross", "TTC"), ("net", "HT")),
            width=4,
            help="La retenue de garantie : % du TTC ou du HT des travaux.",
        ),
        "gross",
    ),
    _yes_no("invoice.vat_on_debits", "TVA débits", 0, "La TVA est due à la facture, par défaut."),
    _yes_no("print.options_apart", "Options à part", 1, "Imprimées après le total."),
    _yes_no("print.components", "Composants", 0, "Imprimés sous leur ouvrage."),
    _yes_no("print.payment_code", "Code QR", 1, "Pour payer par virement, sur les factures."),
    _text("issuer.terms/discount_terms", "Escompte", "Conditions, imprimées."),
    _text("issuer.terms/mediator", "Médiateur", "Nom et adresse, imprimés pour un particulier."),
    _text("issuer.waste/quantity", "Déchets", "Quantité estimée d'un chantier courant."),
    _text("issuer.waste/handling", "Tri", "Tri et enlèvement des déchets."),
    _text("issuer.waste/collection", "Collecte", "Où vont les déchets : nom et adresse."),
    _text("issuer.waste/cost", "Leur coût", "Coût estimé de l'enlèvement."),
)

CHAIN_SETTINGS = (
    _yes_no("transfer.source_titles", "Titre source", 1, "« Selon commande … » quand on regroupe."),
    _yes_no("transfer.sum_equal", "Cumul", 0, "Additionne les articles égaux en regroupant."),
    _yes_no("transfer.fees_first", "Frais au 1er", 1, "Port et frais avec le premier transfert."),
    CompanySetting(
        Field("merge.days", "Regroupe", FieldType.INTEGER, width=6, help="Jours de pièces vues."),
        30,
        1,
        3_650,
    ),
    CompanySetting(
        Field(
            "stock.negative",
            "Stock négatif",
            FieldType.CHOICE,
            choices=(("warn", "Signalé"), ("block", "Refusé")),
            width=10,
            help="S signalé, R refusé à l'impression du bon de livraison.",
        ),
        "warn",
    ),
    CompanySetting(
        Field(
            "stock.supplier_price",
            "Prix fournis.",
            FieldType.CHOICE,
            choices=(("keep", "Son tarif"), ("follow", "Dernier payé")),
            width=13,
            help="S le tarif reste le sien, D une réception validée écrit ce qui fut payé.",
        ),
        "keep",
    ),
    CompanySetting(
        Field(
            "collecting.penalty_rate",
            "Pénalités",
            FieldType.PERCENT,
            width=8,
            help="De retard, par an : taux de la BCE et dix points.",
        ),
        121_500,
        0,
        1_000_000,
    ),
    CompanySetting(
        Field(
            "lock.idle_minutes",
            "Verrou min",
            FieldType.INTEGER,
            width=6,
            help="Après tant de minutes sans touche, un autre peut prendre le document.",
        ),
        10,
        1,
        1_440,
    ),
    _text("keys.folder", "Clés", "Dossier des clés de signature ; vide : celui de vos données."),
)

ACCOUNTING_SETTINGS = (
    CompanySetting(
        Field(
            "accounting.auxiliary",
            "Comptes clients",
            max_length=30,
            width=16,
            help="{code} : le code du client. Ou 9{code}… Un compte tapé dans sa fiche l'emporte.",
        ),
        "{code}",
    ),
    CompanySetting(
        Field("accounting.sales_journal", "Journal ventes", max_length=6, width=6), "VE"
    ),
    CompanySetting(Field("accounting.misc_journal", "Journal OD", max_length=6, width=6), "OD"),
)

ZONES = (
    ("Europe/Paris", "Paris"),
    ("America/Guadeloupe", "Guadeloupe"),
    ("America/Martinique", "Martinique"),
    ("America/Cayenne", "Cayenne"),
    ("Indian/Reunion", "Réunion"),
    ("Indian/Mayotte", "Dzaoudzi, Mayotte"),
    ("America/Miquelon", "Saint-Pierre"),
    ("Pacific/Noumea", "Nouméa"),
    ("Pacific/Tahiti", "Tahiti"),
    ("Europe/Brussels", "Bruxelles"),
    ("Europe/Luxembourg", "Luxembourg"),
    ("Europe/Zurich", "Zurich, Genève"),
)
"""Where a company keeps its hours: IANA names. Each first letter is another's."""
TIME_SETTINGS = (
    CompanySetting(
        Field(
            "work.time_unit",
            "Unité de temps",
            FieldType.CHOICE,
            choices=UNITS,
            width=18,
            help="Affichée, et des articles ni à l'heure ni à la minute.",
        ),
        "hours",
    ),
    CompanySetting(
        Field(
            "work.time_step",
            "Arrondi (min)",
            FieldType.INTEGER,
            width=6,
            help="Le temps facturé d'un bon monte au multiple suivant ; 0 : tel quel.",
        ),
        0,
        0,
        480,
    ),
    CompanySetting(
        Field(
            "company.timezone",
            "Heure de",
            FieldType.CHOICE,
            choices=ZONES,
            width=18,
            help="Celle des dates, des horaires et du planning.",
        ),
        DEFAULT_ZONE,
    ),
    CompanySetting(
        Field(
            "work.report_check",
            "Rapports clos",
            FieldType.CHOICE,
            choices=MODES,
            width=24,
            help="Signés ou reçus : terminés d'eux-mêmes, ou retenus.",
        ),
        "none",
    ),
    _yes_no("work.one_contract", "Un contrat/BI", 1, "Une maintenance : machines d'un contrat."),
    CompanySetting(
        Field(
            "work.failure_months",
            "Pannes (mois)",
            FieldType.INTEGER,
            width=4,
            help="La troisième panne d'une machine en tant de mois se dit ; 0 : jamais.",
        ),
        *(12, 0, 120),
    ),
    _item("work.labour_item", "Main d'œuvre", "L'article des heures de travail ; vide : aucune."),
    _item("work.travel_item", "Trajet", "L'article du temps de trajet ; vide : aucun."),
    _item("work.km_item", "Kilomètres", "L'article du kilomètre : à la place du temps de trajet."),
)
"""How times and journeys are counted and billed. A zone of travel goes before kilometres."""

CONTRACT_SETTINGS = (
    CompanySetting(
        Field(
            "contract.end_date",
            "Fin envoyée",
            FieldType.CHOICE,
            choices=END_DATES,
            width=10,
            help="D'un contrat à durée déterminée : veille de son échéance, ou de son terme.",
        ),
        "renewal",
    ),
    _yes_no("contract.by_site", "Par site", 1, "Un contrat n'offre que les machines de son site."),
    CompanySetting(
        Field(
            "contract.hour_cost",
            "Coût horaire",
            FieldType.CENTS,
            width=10,
            help="D'un technicien, pour la rentabilité ; 0 : le revient de la main d'œuvre.",
        ),
        0,
        0,
        1_000_000,
    ),
)

REGIONS = (
    ("FR", "Métropole"),
    ("57", "Alsace, Moselle"),
    ("971", "Guadeloupe"),
    ("972", "Martinique"),
    ("973", "Guyane"),
    ("974", "La Réunion"),
    ("976", "Mayotte"),
    ("PM", "Saint-Pierre"),
    ("NC", "Nouvelle-Calédonie"),
    ("PF", "Polynésie"),
    ("none", "Aucun"),
)
"""Whose public holidays: codes of the library `holidays`."""
PLANNING_SETTINGS = (
    CompanySetting(
        Field("planning.day_start", "Journée de", FieldType.INTEGER, width=4, help="Heure."),
        *(8, 0, 23),
    ),
    CompanySetting(
        Field(
            "planning.day_end",
            "Journée à",
            FieldType.INTEGER,
            width=4,
            help="Heure ; au-delà le planning prévient.",
        ),
        *(18, 1, 24),
    ),
    _yes_no("planning.saturday", "Samedi", 0, "Ouvré comme les autres jours."),
    CompanySetting(
        Field(
            "planning.holidays",
            "Jours fériés",
            FieldType.CHOICE,
            choices=REGIONS,
            width=18,
            help="Ceux du planning.",
        ),
        "FR",
    ),
)

PAGE = Page(
    "Réglages",
    tuple(one.field.name for one in COMPANY_SETTINGS),
    tuple(one.field.name for one in (*CHAIN_SETTINGS, *ACCOUNTING_SETTINGS)),
)
WORK_PAGE = Page(
    "Interventions",
    tuple(one.field.name for one in TIME_SETTINGS),
    tuple(one.field.name for one in (*CONTRACT_SETTINGS, *PLANNING_SETTINGS)),
)
ALL_SETTINGS = (
    *(*COMPANY_SETTINGS, *CHAIN_SETTINGS, *ACCOUNTING_SETTINGS),
    *(*TIME_SETTINGS, *CONTRACT_SETTINGS, *PLANNING_SETTINGS),
)
