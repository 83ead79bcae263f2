"""Schema 18: a link that changes its quantity moves its pool once, by the difference.

Giving all back before taking again met the CHECK on the way where a return had given back to the
pool too: 10 billed, 3 of them credited, 7 taken; 7 − 10 is below nothing, 7 − 10 + 5 is not.
"""

from __future__ import annotations

from ..dialect import Dialect

OF_POOL = "line_id = {row}.source_line_id AND pool = {row}.pool"
SAME = "NEW.source_line_id = OLD.source_line_id AND NEW.pool = OLD.pool"


def apply(dialect: Dialect) -> None:
    new, old = (OF_POOL.format(row=row) for row in ("NEW", "OLD"))
    dialect.drop_trigger("line_link__change", "line_link")
    dialect.trigger(
        "line_link__change",
        "line_link",
        "UPDATE",
        f"UPDATE line_pool SET taken = taken + NEW.quantity - OLD.quantity WHERE {new};",
        SAME,
    )
    dialect.trigger(
        "line_link__move",
        "line_link",
        "UPDATE",
        f"UPDATE line_pool SET taken = taken - OLD.quantity WHERE {old}; "
        f"UPDATE line_pool SET taken = taken + NEW.quantity WHERE {new};",
        f"NOT ({SAME})",
    )
