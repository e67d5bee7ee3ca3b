"""Telephone numbers in E.164, so that the number in the log is the number on file."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

import phonenumbers

_E164: Final = re.compile(r"\+[1-9][0-9]{6,14}", re.ASCII)
_NORTH_AMERICAN: Final = re.compile(r"1?([2-9][0-9]{2}[2-9][0-9]{6})", re.ASCII)
_SHORTENED: Final = re.compile(r"\+?[0-9][.,][0-9]+[eE]\+?[0-9]+", re.ASCII)


def e164(text: str) -> str:
    """The number in E.164; ten digits without a country are taken as North American.

    Raises:
        ValueError: the text is no telephone number.
    """
    if _E164.fullmatch(text):
        return text
    return _parsed(text)


def is_e164(text: str) -> bool:
    return _E164.fullmatch(text) is not None


@lru_cache(maxsize=65_536)
def _parsed(text: str) -> str:
    bare = text.strip().removeprefix("tel:")
    if match := _NORTH_AMERICAN.fullmatch(bare):
        return "+1" + match[1]
    if _SHORTENED.fullmatch(bare):
        raise ValueError("a spreadsheet shortened this number: its last digits are lost; export it as text")
    try:
        number = phonenumbers.parse(bare, "US")
    except phonenumbers.NumberParseException:
        raise ValueError("expected a telephone number such as +15125550100") from None
    if not phonenumbers.is_possible_number(number):
        raise ValueError("expected a telephone number such as +15125550100")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
