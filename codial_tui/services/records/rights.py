"""What users may do: asked before anything is changed, given and taken by administrators."""

from __future__ import annotations

from codial_tui.domain.rights import ADMINISTER, LABELS
from codial_tui.errors import refuse
from codial_tui.services.context import Context
from codial_tui.services.documents.documents import log_audit


def require(context: Context, right: str) -> None:
    """Raises Refused for who has not a right; "" is everybody's."""
    if context.user.may(right):
        return
    label = LABELS.get(right)
    remedy = f"ou au droit « {label} » : demandez-leur" if label else "demandez à l'un d'eux"
    raise refuse("right.missing", "Réservé aux administrateurs", remedy)


def of(context: Context, user_id: int) -> frozenset[str]:
    """The rights a user was given, beside those the role brings."""
    rows = context.database.rows("SELECT name FROM user_right WHERE user_id = ?", (user_id,))
    return frozenset(row[0] for row in rows)


def put(context: Context, user_id: int, right: str, *, given: bool) -> None:
    """Give a right to a user, or take it away; noted in the audit log. Programs that run already
    know at their next start. Raises Refused."""
    require(context, ADMINISTER)
    if right not in LABELS:
        raise refuse("right.unknown", f"Droit « {right} » inconnu", ", ".join(LABELS))
    database = context.database
    with database.write():
        login = database.value("SELECT login FROM app_user WHERE id = ?", (user_id,))
        if login is None:
            raise refuse("user.unknown", "Utilisateur introuvable")
        database.execute("DELETE FROM user_right WHERE user_id = ? AND name = ?", (user_id, right))
        if given:
            database.insert_many("user_right", ("user_id", "name"), [(user_id, right)])
        log_audit(context, "user.right", {"login": login, "right": right, "given": given})
    if user_id == context.user.id:
        context.user = context.user._replace(rights=of(context, user_id))
