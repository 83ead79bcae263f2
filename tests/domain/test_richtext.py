from hypothesis import given
from hypothesis import strategies as st

from codial_tui.domain.paper.richtext import Run, fill, joined, parse, plain, to_markup


def test_bold_italic_and_paragraphs() -> None:
    assert parse("Un **gras** et _un italique_.\nligne\n\n**_les deux_**") == (
        (
            Run("Un "),
            Run("gras", bold=True),
            Run(" et "),
            Run("un italique", italic=True),
            Run(".\nligne"),
        ),
        (Run("les deux", bold=True, italic=True),),
    )


def test_marks_without_partner_and_inside_words_are_characters() -> None:
    assert plain(parse("5 * 3 ** 2, mon_nom_ici, a_b@c.fr _seul")) == [
        "5 * 3 ** 2, mon_nom_ici, a_b@c.fr _seul"
    ]
    assert parse("") == () == parse(" \n \n ")


def test_italic_closes_after_a_field() -> None:
    assert parse("pour _{document.objet}_.")[0][1] == Run("{document.objet}", italic=True)


def test_backslash_gives_the_character() -> None:
    assert parse(r"\*\*non\*\* \_non\_ \\") == ((Run(r"**non** _non_ \ ".strip()),),)


def test_fields_are_filled_after_the_markup_is_read() -> None:
    paragraphs, problems = fill(parse("Chez **{client.nom}**"), {"client.nom": "**A** _b_"})
    assert paragraphs == ((Run("Chez "), Run("**A** _b_", bold=True)),)
    assert problems == []


def test_an_unknown_field_stays_and_is_named_once() -> None:
    paragraphs, problems = fill(parse("{client.nmo} {client.nmo}"), {"client.nom": "A"})
    assert plain(paragraphs) == ["{client.nmo} {client.nmo}"]
    assert [one.field for one in problems] == ["client.nmo"]
    assert "{client.nom}" in problems[0].remedy


def test_a_brace_that_is_no_field_stays() -> None:
    paragraphs, problems = fill(parse(r"{ ok } {} {A} \{client.nom}"), {"client.nom": "X"})
    assert plain(paragraphs) == ["{ ok } {} {A} {client.nom}"]
    assert problems == []


TEXT = st.text(alphabet="ab *_\\é.", min_size=1, max_size=6)
RUNS = st.lists(st.builds(Run, TEXT, st.booleans(), st.booleans()), max_size=4)


@given(RUNS)
def test_markup_keeps_the_text(runs: list[Run]) -> None:
    paragraph = joined(runs)
    if "".join(run.text for run in paragraph).strip():
        written = to_markup((paragraph,))
        assert "".join(plain(parse(written))) == "".join(run.text for run in paragraph)


def test_markup_round_trip() -> None:
    text = "Un **gras** et _un italique_, **_deux_**.\n\nFin"
    assert to_markup(parse(text)) == text
