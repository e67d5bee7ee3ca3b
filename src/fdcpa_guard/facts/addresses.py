"""One way of writing for each number and email address, so that a refused number is refused however it is written."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_NORTH_AMERICAN: Final = re.compile(r"(?:tel:)?(?:\+?1[-. /]*)?\(?([2-9]\d\d)\)?[-. /]*(\d{3})[-. ]*(\d{4})", re.ASCII)
_INTERNATIONAL: Final = re.compile(r"(?:tel:)?\+[\d() ./-]+", re.ASCII)
_DIGITS: Final = re.compile(r"\D+", re.ASCII)


@lru_cache(maxsize=65_536)
def one_address(text: str) -> str:
    """A number in E.164, ten digits without a country taken as North American; an email address in small letters.

    Anything else, such as a postal address or a user's name, stays as it is but for white space around it. Mail
    providers do not tell letter cases apart, and a collector that writes to `Pat@example.com` reaches whoever refused
    `pat@example.com`.
    """
    bare = text.strip()
    if "@" in bare[1:]:
        return bare.casefold()
    if match := _NORTH_AMERICAN.fullmatch(bare):
        return "+1" + "".join(match.groups())
    if _INTERNATIONAL.fullmatch(bare):
        return "+" + _DIGITS.sub("", bare)
    return bare
