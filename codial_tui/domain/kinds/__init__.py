"""The registry of document kinds: one declaration a file, everything derives from it."""

from __future__ import annotations

from ..spec import DocType
from .quote import QUOTE

_REGISTRY: dict[str, DocType] = {}


def register(doc_type: DocType) -> DocType:
    """Add a kind. Raises ValueError when its kind, key or list code is taken."""
    for other in _REGISTRY.values():
        if other.kind == doc_type.kind:
            raise ValueError(f"kind {doc_type.kind} is registered already")
        if {other.key, other.code} & {doc_type.key, doc_type.code}:
            raise ValueError(f"key or code of {doc_type.kind} is taken by {other.kind}")
    _REGISTRY[doc_type.kind] = doc_type
    return doc_type


def unregister(kind: str) -> None:
    """Take a kind out again (tests that invent one)."""
    _REGISTRY.pop(kind, None)


def doc_type(kind: str) -> DocType:
    """The declaration of a kind. Raises KeyError."""
    return _REGISTRY[kind]


def doc_types(edition: str = "") -> tuple[DocType, ...]:
    """The kinds switched on in an edition ("" = all), in chain order."""
    return tuple(
        one
        for one in _REGISTRY.values()
        if not edition or not one.editions or edition in one.editions
    )


for _one in (QUOTE,):
    register(_one)
