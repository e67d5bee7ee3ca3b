"""Disputes and requests for the original creditor: collection waits for the answer, and agencies hear of the dispute.

After a dispute nobody calls any more, since calls after it speak against the collector; in New York, where a dispute may be
the request that the debt be substantiated, and in the District nothing more is done at all once it is answered.
"""

from __future__ import annotations

from functools import partial
from typing import Final

from fdcpa_guard.simulate.life import AFTERNOON, MORNING, Appointment, Life
from fdcpa_guard.simulate.notices import subject
from fdcpa_guard.simulate.records import Contact
from fdcpa_guard.simulate.wording import LETTER, ORIGINAL_CREDITOR, VERIFICATION, Says

_AGAIN: Final = 0.25
"""The share of those who dispute once more, with nothing new."""
_ESIGN: Final = (
    "paper_option|right_to_withdraw|scope|procedures|paper_copy|hardware_and_software|demonstrated_access"
)
_STOPS: Final = frozenset({"NY", "NY-NYC", "DC"})


def disputes_in_writing(life: Life, day: int, second: int) -> None:
    """About all debts, or one of several; collection of all of them waits."""
    debts = life.debts
    # Of student loans that are one particular debt a dispute is about all.
    if len(debts) > 1 and life.draw() < 0.4 and not life.debtor.debts[-1].group:
        debts = debts[-1:]
    _disputed(life, day, second, debts, written="true", medium="letter")
    life.paused = True
    by_email = bool(life.debtor.email) and life.restraint.electronic and "email" not in life.refused and life.draw() < 0.15
    again = life.draw() < _AGAIN and not _stops(life)

    def answer(on: int) -> None:
        _verify(life, on, debts, by_email)
        if again:
            life.later(on + 12, lambda later: _disputes_again(life, later, debts), is_news=True)

    _answer_on(life, day + 5 + int(life.draw() * 6), answer, debts)


def disputes_aloud(life: Life, day: int, second: int) -> None:
    """That stops nothing; but the debt is disputed, the account is marked so, and the consumer gets an answer."""
    _disputed(life, day, second, life.debts, written="false", medium="call")
    life.paused = _stops(life)
    _answer_on(life, day + 4 + int(life.draw() * 8), lambda on: _verify(life, on, life.debts, by_email=False), life.debts)


def asks_for_original_creditor(life: Life, day: int, second: int) -> None:
    life.learn(day, second, "original_creditor_requested", written="true", medium="letter")
    life.paused = True

    def answer(on: int) -> None:
        life.letter(on, "dispute_response", "original-creditor", ORIGINAL_CREDITOR)
        life.learn(on, AFTERNOON, "original_creditor_sent", medium="letter")
        _goes_on(life, on)

    _answer_on(life, day + 3 + int(life.draw() * 5), answer)


def _disputed(life: Life, day: int, second: int, debts: tuple[str, ...], *, written: str, medium: str) -> None:
    life.learn(day, second, "dispute_received", debt_ids="|".join(debts), written=written, medium=medium)
    life.disputed.update(debts)
    life.refused.add("call")
    for debt in debts:
        if debt in life.furnished:
            life.later(day + 4, partial(_mark, life, debt))


def _mark(life: Life, debt: str, day: int) -> None:
    """The account, furnished before, is furnished as disputed; while an answer is owed, nothing is."""
    if life.paused:
        life.later(day + 1, partial(_mark, life, debt))
    elif life.reports:
        life.act(
            day, "furnish", (debt,), agency_kind="nationwide", marked_disputed="true",
            negative="true", because_of_military_relief="false",
        )  # fmt: skip


def _stops(life: Life) -> bool:
    """Whether nothing follows upon the answer."""
    return bool(_STOPS & {life.debtor.home.state, *life.debtor.jurisdictions})


def _answer_on(life: Life, day: int, answer: Appointment, debts: tuple[str, ...] = ()) -> None:
    """Answer as soon as there is room; where all has stopped meanwhile, what was furnished is looked into all the same."""

    def if_it_still_matters(on: int) -> None:
        if not life.stopped:
            answer(on)
        elif debts:
            life.learn(on, AFTERNOON, "dispute_answered", debt_ids="|".join(debts))

    life.later(day, lambda on: life.when_there_is_room(on, if_it_still_matters))


def _verify(life: Life, day: int, debts: tuple[str, ...], by_email: bool) -> None:
    sent = _respond(life, day, "verification", VERIFICATION, by_email)
    life.learn(day, sent.second, "verification_sent", debt_ids="|".join(debts), medium=sent.channel)
    life.learn(day, sent.second, "dispute_answered", debt_ids="|".join(debts))
    _goes_on(life, day)


def _respond(life: Life, day: int, template: str, says: Says, by_email: bool) -> Contact:
    """By email with the consumer's consent to electronic records, at a convenient hour; otherwise on paper."""
    second = life.a_time() if by_email else None
    if second is None:
        return life.letter(day, "dispute_response", template, says)
    email = life.debtor.email
    life.learn(day, MORNING, "consent_given", to="electronic", given_to="collector", esign=_ESIGN, channel="email", address=email)
    life.consent("email", email, day, second)
    says = {**says, "discloses": f"{says['discloses']}|opt_out_notice", "subject": subject(life.debtor)}
    sent = life.send("email", email, day, second, "delivered", "", template, purpose="dispute_response", says=says)
    sent.debts = life.debts
    return sent


def _disputes_again(life: Life, day: int, debts: tuple[str, ...]) -> None:
    """With nothing new: the consumer is told so, with the reasons."""
    if life.stopped or life.paused:
        return
    life.send("letter", life.address, day, MORNING, "", "", "", direction="inbound")
    life.learn(
        day, MORNING, "dispute_received", debt_ids="|".join(debts), written="true", medium="letter", duplicative="true"
    )
    life.paused = True

    def answer(on: int) -> None:
        life.letter(on, "dispute_response", "duplicative-dispute", LETTER)
        life.learn(on, AFTERNOON, "notice_sent", debt_ids="|".join(debts), notice="duplicative_dispute", medium="letter")
        _goes_on(life, on)

    _answer_on(life, day + 3, answer)


def _goes_on(life: Life, day: int) -> None:
    """From the next day on: what else is due on the day of the answer may come before it."""

    def resume(_: int) -> None:
        life.paused = False
        life.stopped = life.stopped or _stops(life)

    life.later(day + 1, resume)
    life.silent_until = max(life.silent_until, day + 3)
