"""What people read of a work order: its machines, what is billed, who came when, why it is held."""

from __future__ import annotations

from typing import Any

from codial_tui.domain.document import COVERS
from codial_tui.domain.kinds.work_order import BILLED_AS, COVERAGES, WORK_ORDER

BILLED = dict(
    zip(
        ("items", "consumables", "labour", "travel"),
        (WORK_ORDER.field(name).label.lower() for name in BILLED_AS.values()),
        strict=True,
    )
)
_NAMES = ("serial", "brand", "type", "model")


def cover(line: dict[str, Any]) -> str:
    """`sous garantie`: why a line costs nothing, "" when it is billed."""
    return COVERS.get(line.get("covered", ""), "")


def machines(found: dict[str, Any]) -> list[str]:
    """`VX-2231 VIESSEL Chaudière : contrat CT26-00001`, its fault and work; what is billed."""
    if "machines" not in found:
        return []
    words = dict(COVERAGES)
    lines = []
    for one in found["machines"]:
        name = " ".join(filter(None, (one[key] for key in _NAMES))) or "sans numéro"
        place = f", {one['location']}" if one["location"] else ""
        paid = f"{words[one['coverage']].lower()} {one['contract'] or ''}".rstrip()
        lines.append(f"Machine {name}{place}" + (f" : {paid}" if paid != "aucune" else ""))
        lines += [f"  panne : {text}" for text in one["fault"].splitlines()]
        lines += [f"  travaux : {text}" for text in one["work_done"].splitlines()]
    if len(found["billable"]) < len(BILLED):
        billed = ", ".join(BILLED[one] for one in found["billable"]) or _but(found["lines"])
        given = french(found["offered"])
        lines.append(
            f"Facturé : {billed}" + (f" · non facturé {given} HT" if given != "0,00" else "")
        )
    return lines + [f"! {said}" for said in found["warnings"]]


def _but(lines: list[dict[str, Any]]) -> str:
    """`rien`, but lines that are billed all the same (F7 G)."""
    paid = sum(not one.get("covered") and one.get("amount") not in (None, "0.00") for one in lines)
    return f"rien, sauf {paid} ligne{'s' * (paid > 1)}" if paid else "rien"


def visits(found: dict[str, Any]) -> list[str]:
    """`Léa 2026-11-22 21:50 22:10 23:20 23:35 : trajet 35 min, travail 70 min`, and in all."""
    lines = []
    for one in found.get("visits", ()):
        known = [one[name] for name in ("departure", "arrival", "end", "return")]
        day = next((at[:10] for at in known if at), "")
        clocks = " ".join(at[11:16] if at else "-" for at in known)
        spent = f"trajet {one['travel_minutes']} min, travail {one['work_minutes']} min"
        km = f", {french(one['km'])} km" if one["km"] != "0" else ""
        zone = f", zone {one['zone']}" if one["zone"] else ""
        lines.append(f"{one['technician']} {day} {clocks} : {spent}{km}{zone}")
    if lines:
        sums = found["times"]
        said = f"trajet {sums['travel_minutes']} min · travail {sums['work_minutes']} min"
        lines.append(said)
    return lines


def checked(found: dict[str, Any]) -> list[str]:
    """The order that a work order works for, and what differs in a report that is held."""
    lines = [f"Commande suivie {found['order']}"] if found.get("order") else []
    differences = found.get("report_check", {}).get("differences", ())
    return lines + [f"! Rapport retenu : {one}" for one in differences]


def french(number: str) -> str:
    return number.replace(".", ",")
