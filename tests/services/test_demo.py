"""The demo company: complete, to the cent, and loaded whole even when cut in the middle."""

from datetime import UTC, datetime

import pytest

from codial_tui.bootstrap import start
from codial_tui.errors import Refused
from codial_tui.models.database import Database
from codial_tui.services.context import Context
from codial_tui.services.demo import demo, demo_maintenance, demo_quotes
from codial_tui.services.documents import documents, favourites, rows
from codial_tui.services.law import verification
from codial_tui.services.paper import printing
from codial_tui.services.records import catalogue, company, parties, settings

QUOTES = 45
CHAIN = {"order": 11, "delivery_note": 11, "invoice": 5}
WORK_ORDERS = 4
TRANSFERS = 25
DOCUMENTS = QUOTES + sum(CHAIN.values()) + WORK_ORDERS


@pytest.fixture
def context(database: Database) -> Context:
    clock = lambda: datetime(2026, 11, 22, 11, 0, tzinfo=UTC)  # noqa: E731
    return start(database, program="test", clock=clock, login="someone")


def count(context: Context, table: str, where: str = "1 = 1") -> int:
    return int(context.database.value(f"SELECT COUNT(*) FROM {table} WHERE {where}"))


@pytest.mark.both
def test_the_demo_is_there_to_the_cent(context: Context) -> None:
    demo.load(context)
    assert count(context, "document") == DOCUMENTS
    quote = documents.get(context, "DE26-00042")
    sums = ("net_total", "vat_total", "gross_total")
    assert [quote.header[name] for name in sums] == [1_234_050, 246_810, 1_480_860]
    assert quote.text("party_name") == "MARTIN SARL"
    assert quote.text("contact_name") == "Paul MARTIN"
    assert quote.text("created_at") == "2026-11-09T09:12:00.000Z"
    assert quote.text("printed_at") == "2026-11-09T09:31:00.000Z"
    assert quote.number("probability") == 400_000
    states = dict(
        context.database.rows(
            "SELECT state, COUNT(*) FROM document WHERE kind = 'quote' GROUP BY state"
        )
    )
    assert set(states) == {"pending", "accepted", "refused", "dropped"}
    assert sum(states.values()) == QUOTES
    kinds = context.database.rows("SELECT kind, COUNT(*) FROM document GROUP BY kind")
    assert dict(kinds) == {"quote": QUOTES, **CHAIN, "work_order": WORK_ORDERS}
    numbers = [
        row[0]
        for row in context.database.rows(
            "SELECT number FROM document WHERE kind = 'quote' ORDER BY id"
        )
    ]
    assert numbers[:3] == ["DE25-00001", "DE25-00002", "DE25-00003"]
    assert numbers[3:] == [f"DE26-{rank:05d}" for rank in range(1, 43)]
    assert verification.verify(context) == (DOCUMENTS, [])

    # master data
    assert count(context, "item", "is_assembly = 0") == 339
    assert count(context, "item", "is_assembly = 1") == 39
    assert count(context, "party", "is_customer = 1 OR is_prospect = 1") == 41
    assert count(context, "party", "is_supplier = 1") == 8
    assert count(context, "item_supplier_step") > 0
    tube = catalogue.by_reference(context, "tub12")
    assert tube is not None and tube.sale_price == 84_500
    assert catalogue.stock(context, [tube.id]) == {tube.id: 1_400_000}
    hits = parties.search(context, "martin 69003", role="customer")
    assert "MARTIN SARL" in [hit.name for hit in hits]
    assert count(context, "warehouse") == 1
    assert count(context, "establishment") == 2
    assert count(context, "app_user") == 6  # five, and who is at the keyboard
    assert favourites.text_of(context, "t") == "TUB12"
    assert context.user.role == "admin"

    # ad hoc assemblies are the sum of their components
    board = next(line for line in quote.lines if line.type == "ad_hoc_assembly")
    parts = list(quote.components(board.uid))
    assert board.unit_price == 8_900_000
    assert sum(part.amount for part in parts) == board.amount == 89_000

    # the log, told by those who were there
    log = context.database.rows(
        "SELECT e.at, u.initials, e.type, e.text FROM document_event e "
        "JOIN app_user u ON u.id = e.user_id WHERE e.document_id = ? ORDER BY e.at",
        (quote.id,),
    )
    assert log[0] == ("2026-11-09T09:12:00.000Z", "CP", "note", "Créé au comptoir, 15 lignes")
    assert log[-1][1:] == ("JD", "call", "Rappelle lundi, compare avec un concurrent")
    assert len(log) == 5

    # its issuer, with the facts of the mentions
    paper = printing.paper(context, quote)
    assert paper.problems == ()
    issuer = printing.issuer(context, quote.header["establishment_id"])
    assert issuer.mediator.startswith("Médiation de l'Exemple")
    assert issuer.registry == "RCS LYON 123 456 782"
    assert issuer.works

    # every quote prints without anything to mend, and without a field left empty
    for (key,) in context.database.rows("SELECT id FROM document"):
        document = rows.load(context.database, key)
        assert document is not None
        assert printing.paper(context, document).problems == (), document.ref
        text = "\n".join(line for page in printing.preview(context, document) for line in page)
        assert "{" not in text and "€ €" not in text.replace("\u00a0", " "), document.ref

    # again: nothing more
    demo.load(context)
    assert count(context, "document") == DOCUMENTS
    assert count(context, "party") == 49


@pytest.mark.long
def test_a_load_cut_in_the_middle_goes_on(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    create, done = demo_quotes._create, []

    def cut(*arguments: object) -> None:
        if len(done) == 30:
            raise KeyboardInterrupt
        done.append(1)
        create(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(demo_quotes, "_create", cut)
    with pytest.raises(KeyboardInterrupt):
        demo.load(context)
    assert count(context, "document", "kind = 'quote'") == 30
    assert 0 < count(context, "document", "kind <> 'quote'") < sum(CHAIN.values())
    assert settings.value(context, demo.LOADED) is False
    monkeypatch.setattr(demo_quotes, "_create", create)
    demo.load(context)
    assert count(context, "document") == DOCUMENTS
    assert count(context, "transfer") == TRANSFERS
    assert documents.get(context, "DE26-00042").number("gross_total") == 1_480_860
    assert settings.value(context, demo.LOADED) is True


def test_the_demo_never_goes_into_a_real_company(context: Context) -> None:
    company.init(context, "Vraie SARL")
    with pytest.raises(Refused) as refused:
        demo.load(context)
    assert refused.value.problems[0].code == "company.exists"
    assert count(context, "item") == count(context, "party") == 0


def test_the_demo_may_bear_another_name(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo_quotes, "load", lambda context: None)
    monkeypatch.setattr(demo_maintenance, "load", lambda context: None)
    demo.load(context, name="Essai SAS", siren="552100554", edition="services")
    found = settings.company(context)
    assert (found["name"], found["siren"], found["siret"]) == ("Essai SAS", "552100554", "")
    assert found["vat_number"] == company.vat_number_of("552100554")
    assert found["edition"] == context.edition == "services"


def test_the_chain_of_the_demo_is_in_every_state(context: Context) -> None:
    demo.load(context)
    rows_of = context.database.rows
    orders = {row[0]: row[1:] for row in rows_of(PROGRESS, ("order",))}
    notes = {row[0]: row[1:] for row in rows_of(PROGRESS, ("delivery_note",))}
    assert orders["CC26-00001"] == ("processed", "full", "full")
    assert orders["CC26-00003"] == ("processed", "full", "none")
    assert orders["CC26-00005"] == ("processed", "part", "part")
    assert orders["CC26-00006"] == ("processed", "none", "full")  # billed first
    assert orders["CC26-00011"] == ("open", "none", "none")
    assert orders["CC26-00007"] == ("processed", "part", "part")  # some of it came back
    assert count(context, "stock_level", "on_hand < 0") == 0
    assert notes["BL26-00003"] == ("printed", "", "none")
    assert notes["BL26-00005"] == ("printed", "", "part")
    assert notes["BL26-00010"] == ("open", "", "none")
    natures = rows_of("SELECT nature, COUNT(*) FROM document_delivery_note GROUP BY nature", ())
    assert dict(natures) == {"sale": 9, "return": 1, "internal": 1}
    assert count(context, "document_order", "is_web = 1") == 1
    assert count(context, "document", "kind = 'invoice' AND state = 'provisional'") == 5
    parents = rows_of(
        "SELECT COUNT(DISTINCT source_id) FROM transfer GROUP BY target_id ORDER BY 1 DESC", ()
    )
    assert parents[0] == (2,)  # an invoice of two delivery notes


PROGRESS = "SELECT number, state, delivery, billing FROM document WHERE kind = ?"
