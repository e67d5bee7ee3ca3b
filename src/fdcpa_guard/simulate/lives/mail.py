"""Letters of the consumer that change what may be done: to cease, of an attorney, a dispute, a question."""

from __future__ import annotations

from functools import partial

from fdcpa_guard.simulate.clocks import HOUR
from fdcpa_guard.simulate.life import Life
from fdcpa_guard.simulate.lives.disputes import asks_for_original_creditor, disputes_in_writing
from fdcpa_guard.simulate.lives.suits import give_back
from fdcpa_guard.simulate.people import anothers_number
from fdcpa_guard.simulate.wording import CLOSING_LETTER

OPENED = 10 * HOUR


def mail_arrives(life: Life, day: int) -> None:
    turn = life.draw()
    life.send("letter", life.address, day, OPENED, "", "", "", direction="inbound")
    if turn < 0.2:
        _wants_it_to_cease(life, day)
    elif turn < 0.4:
        _is_represented(life, day)
    elif turn < 0.85:
        disputes_in_writing(life, day, OPENED)
    else:
        asks_for_original_creditor(life, day, OPENED)


def _wants_it_to_cease(life: Life, day: int) -> None:
    """One letter says that the efforts end; some time later the account goes back to its owner."""
    life.learn(day, OPENED, "cease_requested", written="true", medium="letter")
    life.stopped = True
    if life.draw() < 0.7:
        life.later(day + 3, lambda on: life.when_there_is_room(on, partial(_acknowledge, life)))
    if life.draw() < 0.6:
        give_back(life, day + 20)


def _acknowledge(life: Life, day: int) -> None:
    if life.reports:
        life.letter(day, "cease_acknowledgement", "cease-1", CLOSING_LETTER)


def _is_represented(life: Life, day: int) -> None:
    """Word goes to the attorney alone, until the attorney has left it unanswered for long."""
    life.learn(day, OPENED, "attorney_represents", attorney="A. Ellery", contact_known="true")
    life.stopped = True
    number = anothers_number(life.debtor, life.draw)
    answers = life.draw() < 0.7
    for turn in range(4):
        if life.draw() < 0.8:
            outcome = "conversation" if answers and life.draw() < 0.5 else "voicemail"
            _call_attorney(life, day + 4 + 9 * turn, number, outcome)
    if not answers:
        life.later(day + 40, lambda on: _goes_on_without(life, on))


def _call_attorney(life: Life, day: int, number: str, outcome: str) -> None:
    def call(on: int) -> None:
        hour = life.an_hour()
        if life.reports and life.owed and hour is not None:
            life.call_other(on, hour, "attorney", f"{life.debtor.id}-a1", number, outcome)

    if day % 7:
        life.later(day, call)


def _goes_on_without(life: Life, day: int) -> None:
    if life.owed and life.reports:
        life.learn(day, OPENED, "attorney_unresponsive")
        life.stopped = False
        life.silent_until = day + 3
