"""What befalls consumers: death, bankruptcy, identity theft, military service. Each ends or changes what may be done."""

from __future__ import annotations

from functools import partial
from typing import Final

from fdcpa_guard.simulate.clocks import HOUR
from fdcpa_guard.simulate.life import AFTERNOON, MORNING, Life
from fdcpa_guard.simulate.wording import FIRST_LETTER

_DIES: Final = 0.012
_GOES_BANKRUPT: Final = 0.02
_WAS_IMPERSONATED: Final = 0.01
_SERVES: Final = 0.015
_CASE_LASTS: Final = 90
"""Days from the petition to the discharge, in chapter 7."""


def plan_changes(life: Life) -> None:
    turn = life.draw()
    # Not before the notice is out, which `begin` has sent already, be it to a second address.
    first = max(life.first_day + 15, life.notified_on + 4)
    day = first + int(life.draw() * max(1, life.end - first))
    if turn < _DIES:
        life.later(day, partial(_dies, life), is_news=True)
    elif turn < _DIES + _GOES_BANKRUPT:
        life.later(day, partial(_goes_bankrupt, life), is_news=True)
    elif turn < _DIES + _GOES_BANKRUPT + _WAS_IMPERSONATED:
        life.later(day, partial(_was_impersonated, life), is_news=True)
    elif turn < _DIES + _GOES_BANKRUPT + _WAS_IMPERSONATED + _SERVES:
        life.debtor.serves = life.first_day - 30 - int(life.draw() * 60)
        life.later(day, partial(_asks_for_relief, life), is_news=True)


def _ends(life: Life) -> None:
    life.stopped = True
    life.reports = False


def _dies(life: Life, day: int) -> None:
    """Nobody writes to the consumer again; after some weeks a letter goes to the executor, and a call."""
    life.learn(day, MORNING, "deceased")
    was_stopped = life.stopped or not life.owed or life.paused
    _ends(life)
    executor = f"{life.debtor.id}-x1"
    address = f"{100 + int(life.draw() * 900)} Chancery Row; {life.debtor.home.city} {life.debtor.home.state} {life.debtor.home.zip}"

    def write(on: int) -> None:
        letter = life.send(
            "letter", address, on, AFTERNOON, "delivered", "", "estate-1", role="executor", person=executor, says=FIRST_LETTER
        )
        letter.place = "other"

    if not was_stopped:
        life.later(day + 21, lambda on: life.when_there_is_room(on, write))


def _goes_bankrupt(life: Life, day: int) -> None:
    """All stops, for good; the discharge of a chapter 7 case follows."""
    chapter = "chapter_7" if life.draw() < 0.7 else "chapter_13"
    life.learn(day, MORNING, "bankruptcy_filed", chapter=chapter)
    _ends(life)
    if chapter == "chapter_7":
        life.later(day + _CASE_LASTS, lambda on: life.learn(on, MORNING, "bankruptcy_discharged"), is_news=True)


def _was_impersonated(life: Life, day: int) -> None:
    """The consumer reports that somebody else owes it: the creditor is told at once, and nothing else is done."""
    life.learn(day, MORNING, "identity_theft_claimed", complete="true", written="true", medium="letter")
    life.learn(day, MORNING + HOUR, "notice_sent", notice="identity_theft_to_creditor", medium="letter")
    _ends(life)


def _asks_for_relief(life: Life, day: int) -> None:
    """In writing, with the orders; the file has a rate of six percent from the beginning."""
    if not life.stopped:
        life.learn(day, MORNING, "military_relief_requested", written="true", complete="true", medium="letter")
