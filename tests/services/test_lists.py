"""Lists: filters, states, marks, sorts and pages, counted exactly up to 10 000."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from codial_tui.bootstrap import start
from codial_tui.domain.changes import Change
from codial_tui.domain.document import Line, Link
from codial_tui.domain.entry.typing_lines import parse_filter
from codial_tui.domain.kinds import doc_types
from codial_tui.domain.rules import PREDICATES
from codial_tui.domain.spec import Side
from codial_tui.errors import Refused
from codial_tui.models.database import Database
from codial_tui.services.chain import pools
from codial_tui.services.context import Context
from codial_tui.services.documents import documents
from codial_tui.services.documents.editing import Editor
from codial_tui.services.documents.rows import insert_links
from codial_tui.services.lists import home, home_search, lists, row_context
from codial_tui.services.lists.lists import DocumentList, Query
from codial_tui.services.lists.record_lists import RecordList
from codial_tui.services.records import company, customers, parties, record_parts, records

NOON = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)
NAMES = ("MARTIN SARL", "DUVAL Élec", "SAINT-MARTIN Copro")


@pytest.fixture
def context(database: Database) -> Context:
    context = start(database, program="test", clock=lambda: NOON, login="claire")
    company.init(context, "Démo", siren="123456782")
    return context


@pytest.fixture
def quotes(context: Context) -> list[int]:
    """Twelve quotes: three customers in turn, one a week, 100 € more each, every third accepted."""
    people = [parties.create(context, {"name": name, "phone": "04 78 00 00 00"}) for name in NAMES]
    made = []
    for place in range(12):
        day = NOON.date() - timedelta(weeks=11 - place)
        one = documents.create(
            context, "quote", people[place % 3], subject=f"Chantier {place}", date=day.isoformat()
        )
        context.database.execute(
            "UPDATE document SET net_total = ?, state = ? WHERE id = ?",
            (10_000 * (place + 1), "accepted" if place % 3 == 2 else "pending", one),
        )
        made.append(one)
    return made


def ids(listing: Any, stop: int = 100) -> list[int]:
    return [row["id"] for row in listing.rows(0, stop)]


def filtered(context: Context, text: str, **query: Any) -> DocumentList:
    return DocumentList(context, Query("quote", filter=parse_filter(text), **query))


@pytest.mark.both
def test_newest_first_with_count_and_sum(context: Context, quotes: list[int]) -> None:
    listing = DocumentList(context, Query("quote"))
    assert ids(listing) == quotes[::-1]
    assert listing.count() == lists.Count(12, 780_000)
    assert listing.index_of(quotes[0]) == 11
    assert listing.index_of(10**9) is None
    assert lists.sums(context, {quotes[0], quotes[1]}) == (30_000, 0)
    assert lists.sums(context, ()) == (0, 0)
    assert [row["id"] for row in listing.every()] == quotes[::-1]
    assert ids(listing, 3) == quotes[:-4:-1]
    assert listing.rows(5, 5) == []


@pytest.mark.both
@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("martin", [11, 9, 8, 6, 5, 3, 2, 0]),
        ("MARTIN copro", [11, 8, 5, 2]),
        ("elec", [10, 7, 4, 1]),
        ("chantier 7", [7, 6]),  # the second by its number
        (">1000", [11, 10]),
        ("<300 martin", [0]),
        (">1000 <1200", [10]),
        ("11/26", [11, 10, 9, 8]),
        ("de26-00012", [11]),
        ("100%", []),
        ("_", []),
    ],
)
def test_the_filter(context: Context, quotes: list[int], text: str, places: list[int]) -> None:
    listing = filtered(context, text)
    assert ids(listing) == [quotes[place] for place in places]
    assert listing.count().rows == len(places)


@pytest.mark.both
@pytest.mark.parametrize("sort", sorted(DocumentList.SORTS))
def test_every_sort_both_ways(context: Context, quotes: list[int], sort: str) -> None:
    up = ids(DocumentList(context, Query("quote", sort=sort, descending=False)))
    down = ids(DocumentList(context, Query("quote", sort=sort)))
    assert down == up[::-1]
    assert sorted(up) == sorted(quotes)
    if sort in ("date", "number", "net_total"):
        assert up == quotes


@pytest.mark.both
def test_states_are_counted(context: Context, quotes: list[int]) -> None:
    counts = lists.state_counts(context, "quote")
    assert {name: count.rows for name, count in counts.items()} == {
        "pending": 8,
        "accepted": 4,
        "refused": 0,
        "dropped": 0,
        "": 12,
    }
    assert filtered(context, "", state="accepted").count().rows == 4


def _at_every_stage(context: Context) -> None:
    """One document of every kind of the chain in every state and at every stage."""
    database = context.database
    for kind in doc_types():
        name = kind.kind
        if name in ("quote", "execution_quote"):
            continue
        for place in range(len(kind.states)):
            for stage in ("none", "part", "full"):
                made = documents.insert(context, documents.blank(context, name))
                for state in kind.states[: place + 1]:  # an invoice goes no other way
                    database.execute(
                        "UPDATE document SET state = ?, delivery = ?, billing = ? WHERE id = ?",
                        (state.name, stage, stage, made),
                    )
    for settlement, days in (("due", 1), ("due", -1), ("part", -1), ("paid", None)):
        made = documents.insert(context, documents.blank(context, "invoice"))
        day = None if days is None else (context.today + timedelta(days=days)).isoformat()
        database.update("document", made, {"settlement": settlement, "due_next": day})
    for name in ("purchase_order", "subcontract_order"):
        for days in (1, -1):
            made = documents.insert(context, documents.blank(context, name))
            database.update("document", made, {"state": "sent", "delivery": "part"})
            database.execute(
                "UPDATE document_purchase SET expected_date = ? WHERE document_id = ?",
                ((context.today + timedelta(days=days)).isoformat(), made),
            )
        database.execute(  # the last one is late no more: its rest was given up
            "UPDATE document_purchase SET given_up_at = ? WHERE document_id = ?",
            (context.now, documents.insert(context, documents.blank(context, name))),
        )
    sale, bought = documents.blank(context, "order"), documents.blank(context, "purchase_order")
    bought.header["expected_date"] = (context.today - timedelta(days=1)).isoformat()
    for one in (sale, bought):
        one.lines.append(Line(context.uid(), label="Borne", quantity=1_0000))
        documents.insert(context, one)
    (need,) = database.rows("SELECT id FROM document_line WHERE uid = ?", (sale.lines[0].uid,))
    pools.ensure(database, [(need[0], "buy")])
    target = bought.lines[0].uid
    insert_links(database, [Link(context.uid(), target, need[0], "supply", "buy", 1_0000, 0)])
    _at_every_stage_of_work(context)
    last = documents.insert(context, documents.blank(context, "order"))
    database.execute(
        "UPDATE document_order SET given_up_at = ?, is_web = 1 WHERE document_id = ?",
        (context.now, last),
    )


def _at_every_stage_of_work(context: Context) -> None:
    """Work orders on the planning, printed, held, signed, on their way to a station."""
    database = context.database
    own = {"uid": context.uid(), "code": "CL", "name": "Claire"}
    resource = database.insert("resource", own)
    for held in ("held", "ok"):
        made = documents.insert(context, documents.blank(context, "work_order"))
        database.update("document", made, {"sync_state": "to_sync", "printed_at": context.now})
        database.execute(
            "UPDATE document_work_order SET check_result = ?, signed_at = ? WHERE document_id = ?",
            (held, context.now, made),
        )
        day = {"starts_at": "2026-11-23T08:00:00Z", "ends_at": "2026-11-23T09:00:00Z"}
        stamp = {"uid": context.uid(), "created_at": context.now}
        row = {"resource_id": resource, "document_id": made, **day, **stamp}
        database.insert("appointment", row)


@pytest.mark.both
def test_marks_in_sql_say_what_the_predicates_say(context: Context, quotes: list[int]) -> None:
    today = context.today
    for place, one in enumerate(quotes):
        due = (today + timedelta(days=place - 6)).isoformat()
        context.database.execute(
            "UPDATE document_quote SET valid_until = ?, next_action_at = ? WHERE document_id = ?",
            (due, due, one),
        )
    _at_every_stage(context)
    for kind in doc_types():
        for mark in kind.marks:
            listing = DocumentList(context, Query(kind.kind, mark=mark.name))
            rows = DocumentList(context, Query(kind.kind)).rows(0, 100)
            wanted = [
                row["id"] for row in rows if PREDICATES[mark.predicate](row, today.isoformat())
            ]
            assert ids(listing) == wanted != [], mark.name
            assert lists.marked(context, kind, mark.name).rows == len(wanted)
    for side in (Side.SALE, Side.PURCHASE):
        assert {one.mark: one.rows for one in home.todos(context, side)} == {
            mark.name: lists.marked(context, kind, mark.name).rows
            for kind in doc_types()
            for mark in kind.marks
            if mark.todo and (kind.side is side or (side is Side.SALE and mark.role == "danger"))
        }


@pytest.mark.both
def test_a_document_is_found_by_what_its_header_says_now(
    context: Context, quotes: list[int]
) -> None:
    editor = Editor(context, quotes[0])
    number = str(editor.document.header["number"])

    def found(text: str) -> list[int]:
        return ids(DocumentList(context, Query("quote", filter=parse_filter(text))))

    assert found(number.lower()) == [quotes[0]]
    changed = Change("set", "document", "", {"subject": "Chantier 0"}, {"subject": "Véranda"})
    editor.commit([changed], "Objet")
    assert found("veranda martin") == [quotes[0]] and found('"chantier 0"') == []
    editor.undo()
    assert found("veranda") == []
    assert quotes[0] in found("chantier")
    assert quotes[0] in found("ch") and found("xq") == []  # too short for the index
    editor.close()


def test_filters_say_the_same_with_and_without_the_narrow_way(
    context: Context, quotes: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    for text in ("martin", "duval chantier", ">500", "<300 martin", "introuvable"):
        query = Query("quote", filter=parse_filter(text))
        quick = DocumentList(context, query)
        with monkeypatch.context() as patched:
            patched.setattr(lists, "narrowed", lambda *_: None)
            slow = DocumentList(context, query)
            assert ids(quick) == ids(slow)
            assert quick.count() == slow.count()


def test_the_first_page_is_that_of_the_whole_list(
    context: Context, quotes: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "FIRST", 4)
    listing = DocumentList(context, Query("quote"))
    assert listing.count() == lists.Count(12, 780_000)
    assert [row["id"] for row in listing.rows(1, 4)] == quotes[-2:-5:-1]
    assert ids(listing) == quotes[::-1]
    assert listing.index_of(quotes[0]) == 11


@pytest.mark.both
def test_a_screenful_is_read_before_the_rest(
    context: Context, quotes: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "FIRST", 3)
    listing = filtered(context, "chantier")
    reader = context.database.reader()
    try:
        assert listing.read_first(reader) and not listing.complete
        assert listing.count() == lists.Count(3, exact=False)
        assert ids(listing, 3) == quotes[:-4:-1]
        assert listing.index_of(quotes[11]) == 0
        assert listing.index_of(quotes[0]) is None  # not read yet
        assert listing.read(reader) and listing.complete
        assert listing.count() == lists.Count(12, 780_000)
        assert listing.index_of(quotes[0]) == 11
        few = filtered(context, "duval")
        monkeypatch.setattr(lists, "FIRST", 9)
        assert few.read_first(reader) and few.complete
        assert few.count().rows == 4
    finally:
        reader.close()


def test_pieces_of_words_never_find_too_much_or_too_little(
    context: Context, quotes: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    context.database.execute(
        "UPDATE document SET search_text = 'tur toi' WHERE id = ?", (quotes[0],)
    )
    with context.database.write():  # two documents have the pieces, one the word
        context.database.execute(
            "UPDATE document SET search_text = 'toiture \"bac\" acier' WHERE id = ?", (quotes[1],)
        )
    assert ids(filtered(context, "toiture")) == [quotes[1]]
    assert ids(filtered(context, "toitu")) == [quotes[1]]
    assert ids(filtered(context, '"bac"')) == [quotes[1]]
    assert ids(filtered(context, "oiture aci")) == [quotes[1]]
    assert ids(filtered(context, "toiture aci")) == [quotes[1]]
    assert ids(filtered(context, "toibure aci")) == []
    assert ids(filtered(context, "de26-00012 chantier")) == [quotes[11]]
    assert ids(filtered(context, "toi")) == [quotes[1], quotes[0]]
    assert ids(filtered(context, "toituxe")) == []
    monkeypatch.setattr(lists, "EXACT", 1)  # too many have the pieces: asked for the word
    assert ids(filtered(context, "toiture acier")) == [quotes[1]]


def test_counts_stop_at_ten_thousand(
    context: Context, quotes: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "EXACT", 5)
    listing = DocumentList(context, Query("quote"))
    assert listing.count() == lists.Count(5, exact=False)
    assert lists.state_counts(context, "quote")[""] == lists.Count(5, exact=False)
    assert lists.state_counts(context, "quote")["accepted"] == lists.Count(4)
    assert ids(listing, 5) == quotes[:-6:-1]
    assert [row["id"] for row in listing.rows(6, 9)] == quotes[5:2:-1]  # beyond what is held


def test_what_is_deleted_meanwhile_is_missing_from_its_page(
    context: Context, quotes: list[int]
) -> None:
    listing = DocumentList(context, Query("quote"))
    assert listing.count().rows == 12
    documents.delete(context, quotes[11])
    assert ids(listing) == quotes[10::-1]
    with pytest.raises(Refused, match="n'existe plus"):
        lists.still_there(context, "quote", quotes[11])


@pytest.mark.both
def test_records_in_order_and_found(context: Context, quotes: list[int]) -> None:
    for reference, label in (("TUB12", "Tube cuivre"), ("COU90", "Coude cuivre"), ("VIS4", "Vis")):
        records.create(
            context,
            "item",
            {
                "reference": reference,
                "label": label,
                "supply_nature": "goods",
                "billing_class": "article",
            },
        )
    by_key = RecordList(context, "item")
    assert [row["reference"] for row in by_key.rows(0, 9)] == ["COU90", "TUB12", "VIS4"]
    by_label = RecordList(context, "item", sort="label", descending=True)
    assert [row["label"] for row in by_label.rows(0, 9)] == ["Vis", "Tube cuivre", "Coude cuivre"]
    found = RecordList(context, "item", "cuivre")
    assert found.count() == lists.Count(2)
    assert [row["reference"] for row in found.rows(0, 9)] == ["COU90", "TUB12"]
    assert found.rows(0, 1)[0]["stock"] == 0
    assert RecordList(context, "party", "martin").count().rows == 2


@pytest.mark.both
def test_who_was_served_last_comes_first(context: Context, quotes: list[int]) -> None:
    assert [hit.name for hit in customers.search(context, "martin")] == [
        "MARTIN SARL",
        "SAINT-MARTIN Copro",
    ]
    assert [hit.name for hit in customers.recent(context, 9)] == list(reversed(NAMES))
    again = parties.create(context, {"name": "MARTINEZ"})
    assert [hit.name for hit in customers.search(context, "mart")][:2] == [NAMES[0], "MARTINEZ"]
    documents.create(context, "quote", again)
    assert customers.search(context, "mart")[0].name == "MARTINEZ"
    assert customers.search(context, "martin sarl")[0].name == "MARTIN SARL"
    assert customers.search(context, "  ") == []


@pytest.mark.both
def test_home_finds_numbers_people_their_documents_and_items(
    context: Context, quotes: list[int]
) -> None:
    found = home_search.find(context, "12")
    assert found is not None and (found.id, found.key) == (quotes[11], "DE26-00012")
    hits = home_search.search(context, "duval")
    assert [(hit.what, hit.label) for hit in hits[:2]] == [
        ("party", "DUVAL Élec"),
        ("document", "DUVAL Élec · Chantier 10"),
    ]
    assert [hit.id for hit in hits[1:]] == [quotes[place] for place in (10, 7, 4, 1)]
    assert home_search.find(context, "DE26-99999") is None
    assert [row["id"] for row in home.recent(context)] == quotes[:-6:-1]


def test_the_row_in_words(context: Context, quotes: list[int]) -> None:
    said = row_context.of(context, "quote", quotes[0])
    assert said == "MARTIN SARL · 04 78 00 00 00 · contact 22/11, C · Chantier 0"
    assert row_context.of(context, "quote", 10**9) == ""
    party = context.database.value("SELECT id FROM party WHERE name = 'DUVAL Élec'")
    assert row_context.of(context, "party", party) == "DUVAL Élec · 04 78 00 00 00"


@pytest.mark.both
def test_parts_of_a_party(context: Context, quotes: list[int]) -> None:
    party = context.database.value("SELECT id FROM party WHERE name = 'DUVAL Élec'")
    first = record_parts.create(context, "address", party, {"street": "1 rue A", "city": "LYON"})
    second = record_parts.create(
        context, "address", party, {"street": "2 rue B", "role": "delivery", "is_default": 1}
    )
    assert [row["id"] for row in record_parts.listed(context, "address", party)] == [second, first]
    assert records.load(context, "address", first)["is_default"] == 0
    assert parties.address_values(context, party, "delivery")["delivery_street"] == "2 rue B"
    record_parts.remove(context, "address", second)
    assert parties.address_values(context, party, "delivery")["delivery_street"] == "1 rue A"
    with pytest.raises(Refused, match="L'adresse est vide"):
        record_parts.create(context, "address", party, {"label": "Dépôt"})
    with pytest.raises(Refused, match="Nom manque"):
        record_parts.create(context, "contact", party, {"job": "Chef"})
    with pytest.raises(Refused, match="signes au plus"):
        record_parts.create(context, "contact", party, {"name": "x" * 121})


def test_a_document_without_a_number_is_named_by_what_stands_for_it(context: Context) -> None:
    made = documents.insert(context, documents.blank(context, "invoice"))
    (row,) = DocumentList(context, Query("invoice")).rows(0, 10)
    assert (row["number"], row["ref"]) == (None, f"FA-P{made}")
    assert documents.find(context, row["ref"]) == made
