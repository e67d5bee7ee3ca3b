"""What Asterisk's channel names and dialled strings tell: which number was dialled, and through which peer.

`SIP/carrier-0000002a` is a channel of the peer `SIP/carrier`. A Dial that names a number through a peer
(`SIP/carrier/15125550100,60`, `PJSIP/15125550100@carrier`, `DAHDI/g1/5125550100`) leaves the shop; one that names a peer
alone (`SIP/alice`) rings a telephone in it.
"""

from __future__ import annotations

import re
from typing import Final

from fdcpa_guard.facts.importers.numbers import e164

_INSTANCE: Final = re.compile(r"-[0-9a-f]{6,}(;[12])?$", re.ASCII)
_PLAIN: Final = re.compile(r"\+[1-9][0-9]{6,14}|1?[2-9][0-9]{2}[2-9][0-9]{6}|011[1-9][0-9]{6,14}", re.ASCII)
# An access code is short, begins as such codes do, and holds no 011: the last ten digits of a number abroad are no North
# American number.
_WITH_ACCESS_CODE: Final = re.compile(r"(?![0-9*#]*011)[789*#][0-9*#]{0,3}?1?([2-9][0-9]{2}[2-9][0-9]{6})", re.ASCII)

_ABROAD: Final = re.compile(r"[0-9*#]{1,4}?(011[1-9][0-9]{6,14})", re.ASCII)
_LONG: Final = re.compile(r"\+?[0-9*#]{7,}", re.ASCII)
_SEVEN: Final = r"(?:[0-9][ ().-]*){7}"
# Digits behind an @ are of the peer's own address.
_LONG_THROUGH_A_PEER: Final = re.compile(
    rf"(?!Local/)\w+/(?:[^/&,|@]+/[^&,|@]*?{_SEVEN}|[^/&,|@]*?{_SEVEN}[^/&,|@]*@)", re.ASCII
)
_BETWEEN_DIGITS: Final = re.compile(r"[ ().-]", re.ASCII)
_OUTGOING: Final = "appdial"


def peer_of(channel: str) -> str:
    """The channel's name without its counter."""
    return _INSTANCE.sub("", channel)


def is_local(channel: str) -> bool:
    """Whether it is one half of a channel inside Asterisk, which reaches nobody by itself."""
    return channel.lower().startswith("local/")


def outside_number(written: str | None) -> str | None:
    """A whole telephone number in E.164; None for an extension, `s`, a feature code and a name."""
    written = _digits(written)
    if not _PLAIN.fullmatch(written):
        return None
    try:
        return e164(written)
    except ValueError:
        return None


def dialled_number(written: str | None) -> str | None:
    """The same for what was dialled, which may have an access code of the shop before it (`9`, `81`)."""
    if number := outside_number(written):
        return number
    written = _digits(written)
    if match := _WITH_ACCESS_CODE.fullmatch(written):
        return "+1" + match[1]
    match = _ABROAD.fullmatch(written)
    return None if match is None else outside_number(match[1])


def is_outgoing_line(last_app: str | None) -> bool:
    """Whether it is a channel that Asterisk dialled out itself, which ran no application but that."""
    return (last_app or "").lower().startswith(_OUTGOING)


def _digits(written: str | None) -> str:
    """A number without what people put between its digits."""
    return _BETWEEN_DIGITS.sub("", written or "")


def may_leave_the_shop(dst: str | None, last_app: str | None, last_data: str | None) -> bool:
    """Whether what was dialled is too long for an extension: a number without its area code, or one that cannot be read."""
    if _LONG.fullmatch(_digits(dst)):
        return True
    return (last_app or "").lower() == "dial" and _LONG_THROUGH_A_PEER.match(last_data or "") is not None


def number_through_a_peer(last_app: str | None, last_data: str | None, channel: str | None) -> str | None:
    """The number that a Dial named outside; of several, the one dialled through the peer of `channel`.

    None where it names no number, or where more than one may be meant.
    """
    if (last_app or "").lower() != "dial" or not last_data:
        return None
    found = {}
    for place in re.split(r"[,|]", last_data, maxsplit=1)[0].split("&"):
        technology, _, rest = place.strip().partition("/")
        if technology.lower() == "local":
            continue
        first, slash, last = rest.partition("/")
        if slash:
            peer, written = first, last
        else:
            written, at, peer = rest.partition("@")
            if not at:
                continue
        # PJSIP names the peer and then an address: PJSIP/carrier/sip:15125550100@203.0.113.5.
        number = dialled_number(written.removeprefix("sip:").partition("@")[0])
        if number is not None:
            found[number] = f"{technology}/{peer}"
    if len(found) > 1 and channel:
        found = {number: peer for number, peer in found.items() if peer.lower() == peer_of(channel).lower()}
    return next(iter(found)) if len(found) == 1 else None
