"""What becomes known in a conversation, and what the collector then does or leaves."""

from __future__ import annotations

from typing import Final

from fdcpa_guard.simulate.clocks import HOUR
from fdcpa_guard.simulate.life import Life
from fdcpa_guard.simulate.lives.disputes import disputes_aloud
from fdcpa_guard.simulate.lives.payments import pays_all, promises
from fdcpa_guard.simulate.people import pick
from fdcpa_guard.simulate.records import Contact, Number

_CLOSED_HOURS: Final = (("08:00", "12:00"), ("12:00", "14:00"), ("13:00", "17:00"), ("17:00", "21:00"))


def after_talk(life: Life, talk: Contact, number: Number) -> None:
    turn = life.draw()
    day, second = talk.day, talk.second
    after = second + talk.talk
    if turn < 0.27:
        promises(life, talk, after)
    elif turn < 0.32:
        pays_all(life, talk, after)
    elif turn < 0.39:
        _asked_to_be_called(life, talk, number)
    elif turn < 0.43:
        if life.one_clock and not life.closed:
            begins, ends = pick(life.draw, _CLOSED_HOURS)
            life.learn(day, after, "time_inconvenient", from_=begins, to=ends)
            life.closed.append((int(begins[:2]) * HOUR, int(ends[:2]) * HOUR))
    elif turn < 0.46:
        life.learn(day, after, "employer_prohibits")
        life.work_barred = True
    elif turn < 0.48:
        life.learn(day, after, "place_inconvenient", place="work", written="false")
        life.work_barred = True
    elif turn < 0.50:
        life.learn(day, after, "medium_refused", channel="call")
        life.refused.add("call")
        life.automatic = False
    elif turn < 0.52:
        life.learn(day, after, "hardship_stated")
    elif turn < 0.54:
        _revokes(life, talk, after)
    elif turn < 0.60:
        disputes_aloud(life, day, after)


def _revokes(life: Life, talk: Contact, after: int) -> None:
    """No more calls by the dialer; a person may go on calling."""
    life.learn(
        talk.day, after, "consent_revoked", talk, to="autodialed|prerecorded", channel="call", by_designated_means="true",
        scope_stated="true",
    )  # fmt: skip
    life.automatic = False


def _asked_to_be_called(life: Life, talk: Contact, number: Number) -> None:
    """Consent, given in the conversation, to be called again within the seven days."""
    if not life.restraint.calls_again_on_request or talk.day + 3 >= life.end:
        return
    life.learn(talk.day, talk.second, "consent_given", talk, to="call", given_to="collector")
    again = talk.day + 1 + int(life.draw() * 2)
    second = life.a_time()
    life.silent_until = again + life.restraint.apart
    voicemail = life.draw() < 0.7

    def call(on: int) -> None:
        free = not life.stopped and not life.paused and "call" not in life.refused
        if free and second is not None and life.has_room(on) and life.apart(on):
            life.call(on, second, number, "voicemail" if voicemail else "no_answer", talk.debts)

    if number.place != "work":
        life.later(again, call)
