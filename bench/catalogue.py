"""Invented price lists of any size, with words a French trade uses; the same for the same size.

About 240 nouns × materials × sizes × makers: the words of a search hit more items than in a real
catalogue, so the slow end is on the pessimistic side (measurements.md §3).
"""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, product
from pathlib import Path

SEED = 20261122
CHUNK = 20_000


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split("|"))


NOUNS = _words(
    "Tube|Coude 45°|Coude 90°|Té égal|Té réduit|Manchon|Réduction|Bouchon|Raccord|Collier|Vanne|"
    "Robinet|Clapet|Siphon|Mitigeur|Flexible|Joint|Disjoncteur|Interrupteur|Prise|Câble|Gaine|"
    "Goulotte|Boîte|Coffret|Borne|Contacteur|Télérupteur|Douille|Spot|Réglette|Plafonnier|"
    "Chauffe-eau|Radiateur|Chaudière|Circulateur|Vase d'expansion|Thermostat|Plaque|Montant|Rail|"
    "Fourrure|Suspente|Vis|Cheville|Boulon|Écrou|Rondelle|Clou|Équerre|Sabot|Tuile|Faîtière|"
    "Gouttière|Descente|Crochet|Liteau|Chevron|Panneau|Isolant|Laine|Écran|Membrane|Bande|Enduit|"
    "Mortier|Ciment|Colle|Carrelage|Plinthe|Parquet|Lame|Porte|Bloc-porte|Fenêtre|Volet|Store|"
    "Serrure|Poignée|Paumelle|Peinture|Sous-couche|Vernis|Mastic|Silicone|Mousse|Abrasif|Disque|"
    "Foret|Lavabo|Receveur|Paroi|Cuvette|Réservoir|Bâti-support|Évier|Baignoire|Sèche-serviettes|"
    "Ventilateur|Bouche|Conduit|Grille|Détecteur|Sonde|Filtre|Compteur|Regard|Grille caniveau"
)
MATERIALS = _words(
    "cuivre|laiton|inox|acier|acier galvanisé|PVC|PER|multicouche|fonte|aluminium|zinc|bois|"
    "chêne|sapin traité|terre cuite|béton|verre|plâtre|polystyrène|polyuréthane|caoutchouc|nylon|"
    "céramique|grès émaillé|stratifié"
)
FINISHES = _words("blanc|gris anthracite|noir mat|chromé|brut|rouge|ivoire|brossé|laqué|beige")
MAKERS = _words(
    "Acova|Bravo|Cimelec|Durandal|Estérel|Ferrand|Gallia|Hydrotech|Isofrance|Jurapro|Kermeur|"
    "Lorthal|Mercantour|Nordique|Occitane|Pyrénor|Quincaillerie Roux|Rhodia Bat|Sauvagnat|Toitech"
)
UNITS = ("u", "ml", "m2", "kg", "bte", "rlx")


@dataclass(frozen=True, slots=True)
class Article:
    """One invented item. prices 10⁻⁴."""

    reference: str
    label: str
    ean: str
    maker: str
    unit: str
    sale_price: int
    purchase_price: int


def articles(count: int) -> Iterator[Article]:
    """`count` items, each with its own reference and EAN."""
    rng = random.Random(SEED)
    for number, (maker, noun) in enumerate(islice(_pairs(), count)):
        diameter, length = (
            rng.choice((10, 12, 14, 16, 18, 20, 22, 25, 32, 40, 50, 63, 80, 100)),
            (rng.randrange(1, 60) * 5),
        )
        material, finish = rng.choice(MATERIALS), rng.choice(FINISHES)
        label = f"{noun} {material} Ø{diameter} {length} {finish} {maker}"
        purchase = rng.randrange(500, 900_000)
        yield Article(
            f"{maker[:2].upper()}{noun[:3].upper()}{number:07d}",
            label,
            ean13(number),
            maker,
            rng.choice(UNITS),
            purchase * rng.randrange(120, 190) // 100,
            purchase,
        )


def _pairs() -> Iterator[tuple[str, str]]:
    pairs = list(product(MAKERS, NOUNS))
    random.Random(SEED).shuffle(pairs)
    while True:
        yield from pairs


def ean13(number: int) -> str:
    """A valid barcode in the range shops use among themselves."""
    digits = f"20{number:010d}"
    odd, even = sum(map(int, digits[::2])), sum(map(int, digits[1::2]))
    return digits + str(-(odd + 3 * even) % 10)


COLUMNS = (
    "uid", "reference", "reference_fold", "label", "label_fold", "search_text", "ean", "brand",
    "unit", "sale_price", "purchase_price", "created_at",
)  # fmt: skip


def rows(count: int) -> Iterator[tuple[object, ...]]:
    """The articles as rows of the item table, in the order of COLUMNS."""
    from codial_tui.domain.text import fold
    from codial_tui.models.uid import new_uid

    for one in articles(count):
        yield (
            new_uid(), one.reference, fold(one.reference), one.label, fold(one.label),
            fold(f"{one.reference} {one.label} {one.ean}"), one.ean, one.maker,
            one.unit, one.sale_price, one.purchase_price, "2026-11-22T08:00:00.000Z",
        )  # fmt: skip


def add_items(path: Path, count: int) -> None:
    """Put `count` articles into the item table of a database file of the newest schema."""
    from codial_tui.models.database import open_database

    database = open_database(str(path), create=True)
    try:
        source = rows(count)
        while chunk := list(islice(source, CHUNK)):
            with database.dialect.write():
                database.dialect.insert_many("item", COLUMNS, chunk)
    finally:
        database.close()
    fold_log(path)


def fold_log(path: Path) -> None:
    """Bring the write-ahead log into the file and leave nothing beside it."""
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    _remove(path, but_main=True)


def built(folder: Path, count: int, base: Path | None = None) -> Path:
    """A database with `count` items, made once and kept; never open it for writing: `copy` it.

    base: an existing database (a company) that the items are added to.
    """
    stem = f"items-{count}-{'demo-' if base else ''}{stamp()}"
    path = folder / f"{stem}.sqlite3"
    if not path.exists():
        for old in folder.glob(f"items-{count}-{'demo-' if base else ''}????????.sqlite3"):
            old.unlink()
        part = fresh(folder / f"{stem}.part")
        if base:
            shutil.copy(base, part)
        add_items(part, count)
        part.rename(path)
    return path


def copy(path: Path, target: Path) -> Path:
    """A copy to write in, on the disk already: else the first commits would wait for it."""
    shutil.copyfile(path, fresh(target))
    os.sync()
    return target


def fresh(path: Path) -> Path:
    """The same path, without what an earlier run left there."""
    _remove(path)
    return path


def _remove(path: Path, *, but_main: bool = False) -> None:
    for end in ("-wal", "-shm", "-turn") + (() if but_main else ("",)):
        path.with_name(path.name + end).unlink(missing_ok=True)


def stamp() -> str:
    """Changes with the schema and with this file: what was built by another one is not used."""
    import codial_tui.models.migrations as migrations

    folder = Path(os.fspath(migrations.__file__)).parent
    digest = hashlib.sha256()
    for source in (*sorted(folder.glob("*.py")), Path(__file__)):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:8]
