"""The index of places that scripts/make_place_data.py makes from libraries: how its files are read."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

_FOLDER: Final = Path(__file__).parent / "place_index"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a ZIP or an area code lies.

    `state` is a USPS code, None outside the United States. `city` is the jurisdiction of a city with law of
    its own, "" where it surely lies in none, None where that is not known. `zones` are IANA names, the
    likeliest first; there are none for military addresses.
    """

    state: str | None
    city: str | None
    zones: tuple[str, ...]


def read_lines(name: str) -> list[str]:
    """The lines of a file of the index, its heading apart."""
    return (_FOLDER / name).read_text(encoding="utf-8").splitlines()[1:]


def read_city(word: str) -> str | None:
    """`-` surely in none, `?` not known, else the city's jurisdiction."""
    return None if word == "?" else "" if word == "-" else word


def read_place(words: list[str]) -> Place:
    """A state, a city and zones, as the lines of the index end."""
    state, city, *zones = words
    return Place(None if state == "-" else state, read_city(city), tuple(zones))


def index_digest() -> str:
    """SHA-256 over the files of the index: with the same, the same ZIPs and area codes lie in the same places."""
    total = sha256()
    for path in sorted(_FOLDER.glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        total.update(f"{path.name} {len(text)}\n{text}".encode())
    return f"sha256:{total.hexdigest()[:12]}"
