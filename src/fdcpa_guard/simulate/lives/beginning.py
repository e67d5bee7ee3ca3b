"""How collection begins: the validation notice, and what is certain from the first day to happen later."""

from __future__ import annotations

from typing import Final

from fdcpa_guard.simulate.life import MORNING, Life
from fdcpa_guard.simulate.lives.changes import plan_changes
from fdcpa_guard.simulate.lives.credit_reporting import plan_furnishing
from fdcpa_guard.simulate.lives.suits import plan_suit

_COMES_BACK: Final = 0.03
_BY_EMAIL: Final = 0.06
_CALLED_FIRST: Final = 0.06
_SPANISH: Final = 0.03
_TEXTS_AUTOMATICALLY: Final = 0.3


def begin(life: Life, day: int) -> int:
    """The validation notice. Gives the first day on which attempts may follow."""
    wait = 4 + int(life.draw() * 4)
    life.texts_automatic = not life.debtor.number_given and life.draw() < _TEXTS_AUTOMATICALLY
    if not life.eventful:
        life.notify(day)
        return day + wait
    turn = life.draw()
    if turn < _COMES_BACK:
        day = _comes_back(life, day)
    elif turn < _COMES_BACK + _BY_EMAIL and life.debtor.email and life.restraint.electronic:
        life.notify(day, by="email")
    elif turn < _COMES_BACK + _BY_EMAIL + _CALLED_FIRST:
        day = _called_first(life, day)
    elif turn < _COMES_BACK + _BY_EMAIL + _CALLED_FIRST + _SPANISH:
        _in_spanish(life, day)
    else:
        life.notify(day)
    plan_furnishing(life)
    plan_changes(life)
    plan_suit(life)
    return day + wait


def _comes_back(life: Life, day: int) -> int:
    """The letter comes back; another address is found, and the notice is sent there before anything else is done."""
    first = life.notify(day, outcome="undeliverable")
    back = day + 7 + int(life.draw() * 5)
    life.learn(back, MORNING, "notice_undeliverable", address=first.address, medium="letter")
    life.debtor.post_box = f"PO Box {100 + int(life.draw() * 900)}"
    life.notify(back + 1)
    return back + 1


def _called_first(life: Life, day: int) -> int:
    """A conversation first, and the notice within five days of it."""
    second = life.a_time()
    if second is not None and day % 7:
        life.call(day, second, life.debtor.numbers[0], "conversation")
        day += 2 + int(life.draw() * 3)
    life.notify(day)
    return day


def _in_spanish(life: Life, day: int) -> None:
    """The notice offers one in Spanish; the consumer asks for it, and gets it before the next contact."""
    life.debtor.language = "es"
    life.notify(day, discloses="spanish_prompt|spanish_contact")

    def asked(on: int) -> None:
        if not life.stopped:
            life.learn(on, MORNING, "language_requested", language="es")
            life.notify(on, languages="es", disclosure_languages="es")

    life.later(day + 2, asked)
    life.silent_until = max(life.silent_until, day + 5)
