"""The schema: what the table classes say is what the migrations make, from every version up."""

import importlib
from pathlib import Path

import pytest

from codial_tui.domain.accounting.accounts import DEFAULTS
from codial_tui.errors import DatabaseRefused, Refused
from codial_tui.models import columns, schema
from codial_tui.models.database import Database, open_database
from codial_tui.models.migrations import MIGRATIONS
from codial_tui.models.sqlite import SqliteDialect
from codial_tui.models.tables import Table

for _path in Path(schema.__file__).parent.glob("tables_*.py"):
    importlib.import_module(f"codial_tui.models.{_path.stem}")


@pytest.mark.both
def test_the_table_classes_describe_the_migrated_schema(database: Database) -> None:
    classes = {
        one._meta.table_name: {field.column_name: field.null for field in one._meta.sorted_fields}
        for one in Table.__subclasses__()
    }
    found = database.dialect.describe()
    assert set(found) == set(classes)
    for table, expected in classes.items():
        assert found[table] == expected, table


@pytest.mark.both
def test_defaults_of_the_classes_are_those_of_the_schema(database: Database) -> None:
    from codial_tui.models.tables_item import Item

    d = database.dialect
    with d.write():
        Item.create(uid="1" * 32, reference="A", reference_fold="a")
        d.insert("item", {"uid": "2" * 32, "reference": "B", "reference_fold": "b"})
    one, two = d.mappings("SELECT * FROM item ORDER BY id")
    own = {"id", "uid", "reference", "reference_fold"}
    assert {k: v for k, v in one.items() if k not in own} == {
        k: v for k, v in two.items() if k not in own
    }
    assert [row.reference for row in Item.select().order_by(Item.id)] == ["A", "B"]


@pytest.mark.parametrize(
    "version",
    [
        1,
        *(pytest.param(one, marks=pytest.mark.long) for one in range(2, len(MIGRATIONS) - 1)),
        len(MIGRATIONS) - 1,
        len(MIGRATIONS),
    ],
)
def test_every_earlier_version_migrates_and_keeps_its_rows(tmp_path: Path, version: int) -> None:
    path = tmp_path / "old.sqlite3"
    old = SqliteDialect(path)
    old.mark_as_ours()
    schema.migrate(old, version)
    with old.write():
        old.execute("INSERT INTO unit (code, label) VALUES ('M', 'mètre')")
    old.close()
    with_data = open_database(str(path), create=False)
    assert with_data.dialect.value("SELECT label FROM unit WHERE code = 'M'") == "mètre"
    assert with_data.dialect.schema_version() == len(MIGRATIONS)
    fresh = open_database(str(tmp_path / "new.sqlite3"), create=True)
    assert with_data.dialect.describe() == fresh.dialect.describe()
    assert with_data.dialect.check() == []
    fresh.close()
    with_data.close()


@pytest.mark.long
@pytest.mark.parametrize(("version", "own"), [(13, 0), (24, 0), (24, 1)])
def test_a_company_of_before_gets_its_accounts_and_journals(
    tmp_path: Path, version: int, own: int
) -> None:
    """As a new one has them, and keeps those it typed."""
    path = tmp_path / "old.sqlite3"
    old = SqliteDialect(path)
    old.mark_as_ours()
    schema.migrate(old, version)
    with old.write():
        old.insert("company", {"uid": "1" * 32, "name": "Ancienne"})
        if own:
            old.insert("account_rule", {"role": "vat", "account": "445719", "label": "TVA"})
            old.insert("accounting_journal", {"code": "VE", "label": "Factures"})
    old.close()
    database = open_database(str(path), create=False)
    sql = "SELECT role, account, label, supply_nature FROM account_rule ORDER BY position, id"
    wanted = [(one.role, one.account, one.label, one.nature) for one in DEFAULTS]
    if own:
        wanted = [("vat", "445719", "TVA", ""), *(one for one in wanted if one[0] != "vat")]
    assert database.dialect.rows(sql) == wanted
    journals = database.dialect.rows("SELECT code, label FROM accounting_journal ORDER BY code")
    assert [code for code, _ in journals] == ["BQ", "CA", "OD", "VE"]
    assert journals[-1][1] == ("Factures" if own else "Ventes")
    database.close()


@pytest.mark.both
def test_migrating_twice_does_nothing(database: Database) -> None:
    assert schema.migrate(database.dialect) == []
    assert database.dialect.value("SELECT count(*) FROM schema_version") == len(MIGRATIONS)


@pytest.mark.both
def test_a_newer_schema_is_refused(database: Database) -> None:
    with database.dialect.write():
        database.dialect.record_version(len(MIGRATIONS) + 1, "m9999_tomorrow")
    with pytest.raises(DatabaseRefused, match="plus récente") as refused:
        open_database(database.url, create=False)
    assert "codial-tui à jour" in refused.value.remedy


def test_a_migration_that_fails_leaves_the_version_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialect = SqliteDialect(tmp_path / "a.sqlite3")
    monkeypatch.setattr(schema, "MIGRATIONS", (*MIGRATIONS, "m9999_missing"))
    with pytest.raises(ModuleNotFoundError):
        schema.migrate(dialect, len(MIGRATIONS) + 1)
    assert dialect.schema_version() == len(MIGRATIONS)
    assert dialect.check() == []
    dialect.close()


def test_migrations_are_numbered_in_order() -> None:
    assert [int(name[1:5]) for name in MIGRATIONS] == list(range(1, len(MIGRATIONS) + 1))


def test_migrations_never_import_the_table_classes() -> None:
    folder = Path(schema.__file__).parent / "migrations"
    for path in folder.glob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert "tables" not in text.partition('"""\n\nfrom')[2].partition("\n\n")[0], path.name


def test_the_column_language_refuses_what_it_does_not_know() -> None:
    types = SqliteDialect.types
    for text in ("a", "a b c d", "a real"):
        with pytest.raises(ValueError, match="column"):
            columns.ddl("t", text, {}, types)


def test_every_table_is_strict_and_every_integer_bounded(database: Database) -> None:
    d = database.dialect
    for (sql,) in d.rows(
        "SELECT sql FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '%\\_search%' "
        "ESCAPE '\\' AND name NOT LIKE 'sqlite%'"
    ):
        assert sql.endswith("STRICT")
        assert "REAL" not in sql and "NUMERIC" not in sql
        for line in sql.splitlines()[1:-1]:
            if " INTEGER" in line and "PRIMARY KEY" not in line and "REFERENCES" not in line:
                assert "CHECK" in line, line


def test_pragmas_are_the_durable_ones(database: Database) -> None:
    d = database.dialect
    asked = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "application_id")
    assert [d.value(f"PRAGMA {name}") for name in asked] == ["wal", 2, 1, 10_000, 0x436F6454]


def test_a_company_from_before_has_a_default_warehouse(tmp_path: Path) -> None:
    path = tmp_path / "old.sqlite3"
    old = SqliteDialect(path)
    old.mark_as_ours()
    schema.migrate(old, 3)
    with old.write():
        for code in "12":
            old.insert("warehouse", {"uid": code * 32, "code": code})
    old.close()
    found = open_database(str(path), create=False)
    sql = "SELECT code, is_default FROM warehouse ORDER BY id"
    assert found.dialect.rows(sql) == [("1", 1), ("2", 0)]
    found.close()


def test_documents_are_found_by_what_they_said_before_there_was_an_index(tmp_path: Path) -> None:
    path = tmp_path / "old.sqlite3"
    old = SqliteDialect(path)
    old.mark_as_ours()
    schema.migrate(old, 4)
    own = {"kind": "quote", "state": "pending", "date": "2026-11-22", "party_name": "Élec Martin"}
    at = {"created_at": "2026-11-22T08:00:00.000Z"}
    with old.write():
        first = old.insert("document", {"uid": "1" * 32, "subject": "Véranda", **own, **at})
        away = {"uid": "2" * 32, "number": "DE26-7", "location": "camion", **own, **at}
        second = old.insert("document", away)
    old.close()
    database = open_database(str(path), create=False)
    d = database.dialect
    assert d.rows("SELECT search_text FROM document ORDER BY id") == [
        ("elec martin veranda",),
        ("de26-7 elec martin",),
    ]
    assert d.holding("document", ["veranda"], 9) == [first]
    assert sorted(d.holding("document", ["martin", "elec"], 9)) == [first, second]
    with pytest.raises(Refused, match="station"), d.write():
        d.execute("UPDATE document SET subject = 'x' WHERE id = ?", [second])
    database.close()
