"""A supplier's invoice in terms of EN 16931, as `exchange.factur_x` writes them."""

from __future__ import annotations

from typing import Any

SELLER = {
    "name": "GROSSISTE SA",
    "legal_identifier": "732829320",
    "legal_identifier_schemeid": "0002",
    "vat_identifier": "FR44732829320",
    "addr_l1": "1 rue du Port",
    "postcode": "75001",
    "city": "PARIS",
    "country_code": "FR",
}
BUYER = {
    "name": "NOUS",
    "legal_identifier": "552100554",
    "legal_identifier_schemeid": "0002",
    "country_code": "FR",
}
LINES = (
    {
        "BT-126": "1",
        "BT-129": "4",
        "BT-130": "MTR",
        "BT-131": "100.00",
        "BT-146": "26.25",
        "BT-151": "S",
        "BT-152": "20",
        "BT-153": "Tube <cuivre> & raccord",
        "BT-155": "TUB",
        "BG-27": [{"amount": "5.00", "reason": "Remise"}],
    },
    {
        "BT-126": "2",
        "BT-129": "3",
        "BT-130": "C62",
        "BT-131": "1.00",
        "BT-146": "0.333333",
        "BT-151": "S",
        "BT-152": "5.5",
        "BT-153": "Vis",
    },
)
TERMS: dict[str, Any] = {
    "BT-1": "F-2026/17",
    "BT-2": "2026-11-02",
    "BT-3": "380",
    "BT-5": "EUR",
    "BT-9": "2026-12-02",
    "BT-13": "CF26-9",
    "BT-23": "B1",
    "BT-24": "urn:cen.eu:en16931:2017",
    "BT-72": "2026-11-01",
    "BG-4": SELLER,
    "BG-7": BUYER,
    "BG-20": [{"amount": "5.00", "reason": "Remise", "vat_category_code": "S", "vat_rate": "20"}],
    "BG-23": [
        {"BT-116": "95.00", "BT-117": "19.00", "BT-118": "S", "BT-119": "20"},
        {"BT-116": "1.00", "BT-117": "0.06", "BT-118": "S", "BT-119": "5.5"},
    ],
    "BG-25": list(LINES),
    "BT-106": "101.00",
    "BT-107": "5.00",
    "BT-109": "96.00",
    "BT-110": "19.06",
    "BT-112": "115.06",
    "BT-115": "115.06",
    "BT-81": "58",
    "BT-84": "FR7630006000011234567890189",
}
