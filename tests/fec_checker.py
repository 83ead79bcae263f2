"""The checks of the tax administration's own tester (Test Compta Demat), re-implemented: they say
what is wrong with a file, [] when nothing is. legal.md §3.3 lists them."""

from __future__ import annotations

import re
from collections import defaultdict

COLUMNS = [
    "JournalCode",
    "JournalLib",
    "EcritureNum",
    "EcritureDate",
    "CompteNum",
    "CompteLib",
    "CompAuxNum",
    "CompAuxLib",
    "PieceRef",
    "PieceDate",
    "EcritureLib",
    "Debit",
    "Credit",
    "EcritureLet",
    "DateLet",
    "ValidDate",
    "Montantdevise",
    "Idevise",
]
OBLIGATORY = [
    "JournalCode",
    "JournalLib",
    "EcritureNum",
    "EcritureDate",
    "CompteNum",
    "CompteLib",
    "PieceRef",
    "PieceDate",
    "EcritureLib",
    "Debit",
    "Credit",
    "ValidDate",
]
AMOUNT = re.compile(r"-?\d{1,15},\d{2}")
DAY = re.compile(r"20\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])")


def check(name: str, content: bytes, first: str, last: str, encoding: str = "utf-8") -> list[str]:
    """first, last: the period as AAAAMMJJ."""
    wrong = []
    if not re.fullmatch(r"\d{9}FEC\d{8}\.txt", name):
        wrong.append(f"name {name}")
    elif name[12:20] != last:
        wrong.append(f"name {name}: not {last}")
    text = content.decode(encoding)
    if text.startswith("\ufeff") or "|" in text:
        wrong.append("mark or pipe")
    lines = text.split("\r\n")
    if lines.pop() != "":
        wrong.append("the last line does not end")
    if lines[0].split("\t") != COLUMNS:
        wrong.append("header")
    by_entry: dict[str, int] = defaultdict(int)
    by_journal: dict[str, int] = defaultdict(int)
    heads: dict[str, tuple[str, ...]] = {}
    names: dict[str, str] = {}
    numbers, valid = [], []
    for place, line in enumerate(lines[1:], 2):
        cells = line.split("\t")
        if len(cells) != 18 or any(one != one.strip() for one in cells):
            wrong.append(f"line {place}: {len(cells)} cells, or blanks around one")
            continue
        row = dict(zip(COLUMNS, cells))
        wrong += [f"line {place}: {one} is empty" for one in OBLIGATORY if not row[one]]
        for one in ("Debit", "Credit"):
            if not AMOUNT.fullmatch(row[one]):
                wrong.append(f"line {place}: {one} {row[one]}")
        for one in ("EcritureDate", "PieceDate", "ValidDate"):
            if not DAY.fullmatch(row[one]):
                wrong.append(f"line {place}: {one} {row[one]}")
        if not first <= row["EcritureDate"] <= last:
            wrong.append(f"line {place}: {row['EcritureDate']} outside the period")
        if not re.fullmatch(r"\d{3}[0-9A-Z]*", row["CompteNum"]):
            wrong.append(f"line {place}: account {row['CompteNum']}")
        if row["CompAuxNum"] and not row["CompteNum"].startswith(("40", "41")):
            wrong.append(f"line {place}: an auxiliary on {row['CompteNum']}")
        if bool(row["CompAuxNum"]) != bool(row["CompAuxLib"]):
            wrong.append(f"line {place}: an auxiliary without its name")
        if names.setdefault(row["CompteNum"], row["CompteLib"]) != row["CompteLib"]:
            wrong.append(f"line {place}: {row['CompteNum']} has two names")
        head = tuple(row[one] for one in ("JournalCode", "EcritureDate", "ValidDate", "PieceRef"))
        if heads.setdefault(row["EcritureNum"], head) != head:
            wrong.append(f"line {place}: entry {row['EcritureNum']} changes on the way")
        debit, credit = (int(row[one].replace(",", "")) for one in ("Debit", "Credit"))
        if debit and credit:
            wrong.append(f"line {place}: both sides")
        by_entry[row["EcritureNum"]] += debit - credit
        by_journal[row["JournalCode"]] += debit - credit
        numbers.append(int(row["EcritureNum"]))
        valid.append(row["ValidDate"])
    wrong += [f"entry {one} is not balanced" for one, sums in by_entry.items() if sums]
    wrong += [f"journal {one} is not balanced" for one, sums in by_journal.items() if sums]
    if numbers and sorted(set(numbers)) != list(range(min(numbers), max(numbers) + 1)):
        wrong.append("numbers with a gap")
    if numbers != sorted(numbers) or valid != sorted(valid):
        wrong.append("not in order")
    return wrong
