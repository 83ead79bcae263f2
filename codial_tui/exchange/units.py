"""Units as suppliers' formats write them (UN/ECE Recommendation 20, German ones) → ours."""

from __future__ import annotations

_LABELS = {
    "u": ("PCE", "C62", "H87", "EA", "STK", "STCK", "ST", "PC", "PI", "U"),
    "m": ("MTR", "M", "LFM"),
    "m²": ("MTK", "M2", "QM"),
    "m³": ("MTQ", "M3", "CBM"),
    "cm": ("CMT", "CM"),
    "mm": ("MMT", "MM"),
    "kg": ("KGM", "KG"),
    "g": ("GRM", "GR"),
    "t": ("TNE", "TO"),
    "l": ("LTR", "L"),
    "ml": ("MLT",),
    "h": ("HUR", "STD"),
    "min": ("MIN",),
    "j": ("DAY",),
    "ens": ("SET", "SATZ", "GARN"),
    "paire": ("PR", "PAR", "PAAR"),
    "rouleau": ("RO", "ROL", "RLL", "ROLL"),
    "paquet": ("PK", "PA", "PAK", "PCK", "VPE"),
    "carton": ("CT", "KRT", "KTN"),
    "boîte": ("BX", "DS", "DOSE"),
    "bouteille": ("BO", "FL", "FLA"),
    "sac": ("BG", "SA", "SACK"),
    "palette": ("PX", "PAL"),
}
_BY_CODE = {code: label for label, codes in _LABELS.items() for code in codes}


def unit_label(code: str) -> str:
    """The French label of a unit code; an unknown one stands for itself."""
    return _BY_CODE.get(code.strip(" .").upper(), code.strip())
