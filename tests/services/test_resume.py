"""A closed connection is no quit: the next session lands where one was (ux.md §2)."""

from typing import Any

import pytest

from codial_tui.services.context import Context
from codial_tui.services.documents import resume


@pytest.fixture
def here(context: Context) -> dict[str, Any]:
    from codial_tui.services.documents import documents
    from codial_tui.services.records import parties

    document_id = documents.create(context, "quote", parties.counter(context))
    return {"document_id": document_id, "ref": "DE26-00001", "tab": "lines", "line": ""}


def test_a_session_that_was_cut_comes_back(context: Context, here: dict[str, Any]) -> None:
    resume.remember(context, **here, still_there=True)
    assert resume.interrupted(context) is None, "this session still runs"
    context.cache.clear()
    context.alive = lambda token: False
    found = resume.interrupted(context)
    assert found is not None
    assert found["document"] == here["document_id"]


def test_a_document_that_was_left_does_not_open_by_itself(
    context: Context, here: dict[str, Any]
) -> None:
    resume.remember(context, **here, still_there=True)
    resume.remember(context, **here, still_there=False)
    context.alive = lambda token: False
    assert resume.interrupted(context) is None
    place = resume.place(context)
    assert place is not None
    assert place["ref"] == "DE26-00001"


def test_a_deleted_document_is_nowhere(context: Context, here: dict[str, Any]) -> None:
    from codial_tui.services.documents import documents

    resume.remember(context, **here, still_there=True)
    documents.delete(context, here["document_id"])
    context.alive = lambda token: False
    assert resume.interrupted(context) is None
    assert resume.place(context) is None
