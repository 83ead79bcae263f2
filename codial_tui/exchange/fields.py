"""The fields a catalogue or an address file can fill, and the headers that announce them.

Units: prices and quantities 10⁻⁴, rates ratios in 10⁻⁶, dates ISO text. `price` is the bare
price of a file whose side is not said (HT; the import decides: selling, or purchase under a
supplier), `sale_price` and `purchase_price` are explicit.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from codial_tui.domain.text import fold

from . import values
from .formats import RowKind

LABEL_LIMIT = 2_000
REFERENCE_LIMIT = 64


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a row.

    type: text, price, quantity, vat_rate, ean, date, flag, country,
    siren, siret, vat_number.
    label: French, for the preview. headers: what columns are called, best first, as `key` folds
    them. limit: characters, for text.
    """

    name: str
    label: str
    headers: tuple[str, ...] = ()
    type: str = "text"
    limit: int = 255

    def reader(self, decimal: str) -> values.Reader:
        """What turns a cell of a file with this decimal sign into the field's value."""
        if self.type == "price":
            return values.number_reader("price", "prix", decimal)
        if self.type == "quantity":
            return values.number_reader("quantity", "quantité", decimal)
        if self.type == "vat_rate":
            return values.vat_rate_reader(decimal)
        plain: dict[str, values.Reader] = {
            "ean": values.ean,
            "date": values.day,
            "flag": values.flag,
            "country": values.country,
            "siren": values.siren,
            "siret": values.siret,
            "vat_number": values.vat_number,
        }
        return plain.get(self.type) or values.text_reader(self.name, self.limit)


def key(header: str) -> str:
    """The comparison form of a header: folded, without punctuation, brackets or currency."""
    bare = re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", fold(header)) if header[:1] not in "([" else header
    words = re.split(r"[^0-9a-z]+", fold(bare))
    text = " ".join(word for word in words if word and word not in ("eur", "euro", "euros", "en"))
    return re.sub(r"\b\w(?: \w\b)+", lambda letters: letters[0].replace(" ", ""), text)  # P.V.


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(","))


ITEM_FIELDS = (
    Field(
        "reference",
        "Référence",
        _names(
            "reference, ref, code article, reference article, ref article, article, code, "
            "code produit, reference produit, ref produit, numero article, n article, no article, "
            "sku, cip7, code interne, item, item code, refciale"
        ),
        limit=REFERENCE_LIMIT,
    ),
    Field(
        "label",
        "Désignation",
        _names(
            "designation, libelle, libelle article, designation article, description, intitule, "
            "libelle80, libelle produit, designation produit, nom, nom article, nom produit, "
            "libelle court, label, name"
        ),
        limit=LABEL_LIMIT,
    ),
    Field(
        "ean",
        "EAN",
        _names(
            "ean, ean13, ean 13, gencod, gencode, gtin, gtin13, gtin 13, code barre, code barres, "
            "code a barres, codebarre, code ean, cip13, barcode"
        ),
        "ean",
    ),
    Field(
        "sale_price",
        "Prix de vente HT",
        _names(
            "prix de vente ht, pv ht, pvht, prix vente ht, prix de vente, prix vente, pv, "
            "prix public ht, pp ht, ppht, prix de vente unitaire ht"
        ),
        "price",
    ),
    Field(
        "purchase_price",
        "Prix d'achat HT",
        _names(
            "prix d achat ht, prix d achat, prix achat ht, prix achat, pa ht, paht, pa, "
            "prix achat net, prix d achat net, pa net, prix net achat, cout d achat"
        ),
        "price",
    ),
    Field(
        "price",
        "Prix HT",
        _names(
            "prix ht, prix, prix unitaire ht, prix unitaire, pu ht, puht, pu, tarif, "
            "tarif ht, prix tarif, prix de base, prix net, prix net ht, prix hors honoraire, "
            "montant ht, price"
        ),
        "price",
    ),
    Field(
        "price_per",
        "Prix par",
        _names("prix par, prix pour, qt, quantite tarif, base prix, base tarif, unite de prix"),
        "quantity",
    ),
    Field(
        "unit", "Unité", _names("unite, u, unite de vente, uv, unite vente, unite de mesure, um")
    ),
    Field(
        "vat_rate",
        "TVA",
        _names("tva, taux tva, taux de tva, tva taux, taux, code tva, vat"),
        "vat_rate",
    ),
    Field(
        "eco_contribution",
        "Éco-contribution HT",
        _names(
            "eco contribution, ecocontribution, eco contribution ht, eco participation, "
            "ecoparticipation, deee, dee, eco taxe, ecotaxe, eco part, eco mobilier, eco"
        ),
        "price",
    ),
    Field(
        "family",
        "Famille",
        _names("famille, famille article, code famille, groupe, family, fam1l, fam1"),
    ),
    Field(
        "category",
        "Sous-famille",
        _names("sous famille, categorie, sous categorie, gamme, rayon, fam2l, fam2"),
    ),
    Field("brand", "Marque", _names("marque, fabricant, brand")),
    Field(
        "supplier_reference",
        "Réf. fournisseur",
        _names(
            "reference fournisseur, ref fournisseur, ref four, ref fourn, "
            "reference fabricant, ref fabricant"
        ),
        limit=REFERENCE_LIMIT,
    ),
    Field(
        "long_label",
        "Texte long",
        _names(
            "description longue, texte long, libelle long, designation longue, descriptif, "
            "commentaire, libelle240"
        ),
        limit=20_000,
    ),
    Field("price_date", "Date du tarif", _names("date tarif, date du tarif, datetarif"), "date"),
    Field("stopped", "Arrêté", _names("arrete, obsolete, supprime, fin de vie"), "flag"),
    Field(
        "replaced_by", "Remplacé par", _names("remplace par, remplacement"), limit=REFERENCE_LIMIT
    ),
)

PARTY_FIELDS = (
    Field(
        "code",
        "Code",
        _names(
            "code, code client, code fournisseur, code tiers, n client, no client, numero client, "
            "num client, n fournisseur, numero fournisseur, compte, compte tiers, reference, ref"
        ),
        limit=REFERENCE_LIMIT,
    ),
    Field(
        "name",
        "Nom",
        _names(
            "nom, raison sociale, societe, nom client, client, denomination, nom fournisseur, "
            "fournisseur, entreprise, enseigne, tiers, name, nom complet"
        ),
    ),
    Field(
        "street",
        "Adresse",
        _names("adresse, adresse 1, adresse1, rue, voie, adresse ligne 1, street, address"),
    ),
    Field(
        "street2",
        "Complément",
        _names(
            "adresse 2, adresse2, complement, complement adresse, complement d adresse, "
            "adresse ligne 2, adresse suite"
        ),
    ),
    Field(
        "postcode",
        "Code postal",
        _names("code postal, cp, codepostal, postcode, zip"),
        limit=16,
    ),
    Field("city", "Ville", _names("ville, commune, localite, city")),
    Field("country", "Pays", _names("pays, code pays, country"), "country"),
    Field("siren", "SIREN", _names("siren, n siren, no siren, numero siren"), "siren"),
    Field("siret", "SIRET", _names("siret, n siret, no siret, numero siret"), "siret"),
    Field(
        "vat_number",
        "N° de TVA",
        _names(
            "tva intracommunautaire, tva intra, n tva, no tva, numero tva, numero de tva, "
            "n tva intracommunautaire, n tva intra, identifiant tva, vat number"
        ),
        "vat_number",
    ),
    Field(
        "phone",
        "Téléphone",
        _names("telephone, tel, telephone 1, tel 1, telephone fixe, fixe, mobile, portable, phone"),
        limit=64,
    ),
    Field(
        "email", "Courriel", _names("email, e mail, mail, courriel, adresse mail, adresse email")
    ),
    Field("contact", "Contact", _names("contact, interlocuteur, nom contact, nom du contact")),
)


_NATIVE_LABELS = {"price_steps": "Paliers de prix", "price_kind": "Nature du prix"}


def label_of(name: str, kind: RowKind) -> str:
    """The French name of a field, those included that only FAB-DIS and DATANORM fill."""
    found = next((field.label for field in fields_of(kind) if field.name == name), None)
    return found or _NATIVE_LABELS.get(name, name)


def fields_of(kind: RowKind) -> tuple[Field, ...]:
    """The fields of a kind of rows, in the order the preview shows them."""
    return ITEM_FIELDS if kind == "items" else PARTY_FIELDS


def known_in(cells: Iterable[str]) -> int:
    """How many of these cells are headers a field answers to."""
    known = _known_headers()
    return sum(key(cell) in known for cell in cells if len(cell) <= 80)


@cache
def _known_headers() -> frozenset[str]:
    return frozenset(name for field in ITEM_FIELDS + PARTY_FIELDS for name in field.headers)
