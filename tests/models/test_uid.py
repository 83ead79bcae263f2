"""UUIDv7: layout of RFC 9562 §5.7, order, and distinctness."""

import uuid

from codial_tui.models.uid import new_uid


def test_layout_is_the_one_of_rfc_9562() -> None:
    # the example of RFC 9562, appendix A.6
    assert new_uid(0x017F22E279B0, bytes.fromhex("cc3" + "18c4dc0c0c07398f" + "0")) != ""
    made = uuid.UUID(new_uid(0x017F22E279B0, b"\xff" * 10))
    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert made.int >> 80 == 0x017F22E279B0
    assert str(made) == "017f22e2-79b0-7fff-bfff-ffffffffffff"


def test_later_sorts_after_earlier() -> None:
    assert new_uid(1, b"\xff" * 10) < new_uid(2, b"\0" * 10)


def test_a_thousand_are_distinct() -> None:
    assert len({new_uid() for _ in range(1000)}) == 1000
