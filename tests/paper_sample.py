"""An invented works quote with one of everything, and what it takes to print it."""

from __future__ import annotations

from datetime import UTC, datetime

from codial_tui.domain.document import Adjustment, Document, Line, LineType
from codial_tui.domain.kinds import doc_type
from codial_tui.domain.lines.lines import line_amount
from codial_tui.domain.paper.compose import PaperSettings, paper_of
from codial_tui.domain.paper.issuer import Insurance, Issuer, Waste
from codial_tui.domain.paper.paper import Paper
from codial_tui.domain.paper.print_layout import layout

AT = datetime(2026, 11, 9, 10, 0, tzinfo=UTC)

ISSUER = Issuer(
    "DÉMO SARL",
    "SARL",
    1_000_000,
    "8 quai Perrache",
    "69002",
    "LYON",
    phone="04 78 00 00 00",
    email="contact@demo.example",
    siret="12345678200010",
    registry="RCS Lyon 123 456 782",
    activity_code="4322A",
    vat_number="FR32123456782",
    iban="FR76 3000 6000 0112 3456 7890 189",
    bic="AGRIFRPP",
    insurance=Insurance(
        "Assurances du Rhône, 1 rue Exemple, 69003 LYON", "DEC-4471", "France métropolitaine"
    ),
    works=True,
)
WASTE = Waste(
    "0,8 m³ de gravats et 60 kg de métaux",
    "tri sur chantier, bennes séparées",
    "déchetterie professionnelle Exemple, 2 rue du Port, 69007 LYON",
    "85,00 € HT, compris dans le prix",
)


class Lines:
    """Builds lines with uids, amounts worked out."""

    def __init__(self) -> None:
        self.lines: list[Line] = []

    def add(self, type: LineType, label: str, **values: object) -> Line:
        line = Line(f"l{len(self.lines)}", type, label=label, **values)  # type: ignore[arg-type]
        if line.is_priced:
            line.amount = line_amount(line)
        self.lines.append(line)
        return line

    def item(
        self, label: str, quantity: int, price: int, unit: str = "u", **values: object
    ) -> Line:
        """quantity: units; price: cents."""
        values = {"quantity": quantity * 10_000, "unit_price": price * 100, "unit": unit, **values}
        return self.add(LineType.ITEM, label, **values)


def quote(**header: object) -> Document:
    values = {
        "number": "DE26-00042",
        "date": "2026-11-09",
        "valid_until": "2026-12-09",
        "party_name": "MARTIN SARL",
        "billing_street": "14 rue des Lilas",
        "billing_postcode": "69003",
        "billing_city": "LYON",
        "delivery_street": "Résidence Duval, 3 allée des Pins",
        "delivery_postcode": "69100",
        "delivery_city": "VILLEURBANNE",
        "contact_name": "Mme Martin",
        "salesperson_name": "Jean Durand",
        "subject": "Rénovation salle de bains",
        "payment_terms_label": "30 % à la commande, solde à la fin des travaux",
        "opening_text": "Suite à votre demande, voici notre **meilleure offre**.",
        "closing_text": "Nous restons _à votre disposition_ au {societe.telephone}.",
        "price_mode": "net",
        "price_decimals": 2,
        **header,
    }
    return Document(1, "d1", "quote", values)  # type: ignore[arg-type]


def full_quote(**header: object) -> Document:
    """Chapters, options, a discount, two rates, an assembly, everything."""
    document = quote(**header)
    make = Lines()
    make.add(LineType.CHAPTER, "PLOMBERIE")
    make.item("Tube cuivre Ø12 barre 5 m", 12, 845, "ml", discounts=(100_000,), reference="TUB12")
    make.item("Coude 90° Ø12 à souder", 24, 135, reference="CD9012")
    make.add(LineType.COMMENT, "Fixations comprises")
    make.item("Pose réseau cuivre", 16, 4800, "h", vat_rate=100_000, supply_nature="services")
    make.item(
        "Chauffe-eau 200 L stéatite, cuve émaillée, garantie cinq ans, résistance sèche",
        1,
        61200,
        discounts=(50_000,),
        reference="CE200S",
        long_text="Fourni avec groupe de sécurité.\nReprise de l'ancien appareil.",
        eco_contribution=1_000,
    )
    make.item("Groupe de sécurité 3/4", 1, 2890, tag="option", reference="GS34")
    make.add(LineType.CHAPTER, "SALLE DE BAINS")
    make.add(LineType.TITLE, "Sols et murs")
    whole = make.add(
        LineType.ASSEMBLY,
        "Salle de bains complète",
        quantity=10_000,
        unit="ens",
        unit_price=37_980_400,
        vat_rate=100_000,
        reference="SDB",
    )
    make.item("Faïence 20×20", 18, 2400, "m²", parent_uid=whole.uid)
    make.item("Colle", 6, 1200, "sac", parent_uid=whole.uid)
    make.item("Faïence décor", 18, 3100, "m²", tag="variant", vat_rate=100_000)
    make.item("Étude thermique déjà réglée", 1, 15000, tag="informative")
    document.lines = make.lines
    document.adjustments = [Adjustment("a1", label="Remise fidélité", percent=20_000)]
    return document


def long_quote(count: int) -> Document:
    """Many plain lines under chapters of twenty."""
    document = quote()
    make = Lines()
    for index in range(count):
        if index % 20 == 0:
            make.add(LineType.CHAPTER, f"LOT {index // 20 + 1}")
        make.item(f"Article {index + 1} tube cuivre écroui", 2, 1_234, "ml", reference=f"R{index}")
    document.lines = make.lines
    return document


def paper(document: Document, name: str = "quote_works", **settings: object) -> Paper:
    chosen = PaperSettings(waste=WASTE, **settings)  # type: ignore[arg-type]
    return paper_of(document, doc_type(document.kind), layout(name), ISSUER, chosen)
