"""Customers found by the phone of somebody there, from four digits on, however it is written."""

from __future__ import annotations

import pytest

from codial_tui.services.context import Context
from codial_tui.services.maintenance import callers
from codial_tui.services.records import parties, record_parts

pytestmark = pytest.mark.both


@pytest.mark.parametrize(
    ("kept", "typed", "found"),
    [
        ("06.98.76.54.32", "06 98", True),
        ("06.98.76.54.32", "0698", True),
        ("06.98.76.54.32", "54 32", True),
        ("06/98/76/54/32", "0698765432", True),
        ("+33 6 98 76 54 32", "069876", True),
        ("+33 (0)6 98-76-54-32", "06.98.76.54.32", True),
        ("06 98 76 54 32", "+33 6 98 76 54 32", True),
        ("06 98 76 54 32", "698", False),  # too few
        ("06 98 76 54 32", "9754", False),  # its digits, but not one after the other
    ],
)
def test_a_contact_by_phone(context: Context, kept: str, typed: str, found: bool) -> None:
    owner = parties.create(context, {"code": "C2", "name": "Garage du Parc", "is_customer": 1})
    for name in ("mobile", "phone"):
        record_parts.create(context, "contact", owner, {"name": f"Paul {name}", name: kept})
    wanted = [("Garage du Parc", f"Paul {name}  {kept}") for name in ("mobile", "phone")]
    offered = [(one.label, one.detail) for one in callers.offered(context, typed)]
    assert offered == (wanted if found else [])
