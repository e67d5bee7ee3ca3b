"""The attempts of an account through the weeks, and what came of them."""

from __future__ import annotations

from typing import Final

from fdcpa_guard.simulate.clocks import HOUR
from fdcpa_guard.simulate.life import Life
from fdcpa_guard.simulate.lives.mail import mail_arrives
from fdcpa_guard.simulate.lives.talks import after_talk
from fdcpa_guard.simulate.people import anothers_number
from fdcpa_guard.simulate.records import Number
from fdcpa_guard.simulate.wording import CONFIRMATION_WORDS, EMAIL_CONFIRMATION_WORDS, STOP_WORDS

_OPTS_OUT: Final = 0.06
_RECORDED: Final = 0.05


def live(life: Life, day: int, until: int) -> None:
    """Attempts from `day` up to, not including, `until`, and what was put off to a day among them."""
    while day < until:
        life.keep_appointments(day)
        if life.stopped:
            day = max(day + 1, life.next_appointment())
            continue
        if life.paused or day < life.silent_until or not life.has_room(day) or not life.apart(day):
            day += 1
            continue
        _attempt(life, day)
        turn = life.draw()
        day += life.restraint.apart + (0 if turn < 0.5 else 1 if turn < 0.8 else 2)
    life.keep_appointments(until - 1)


def _attempt(life: Life, day: int) -> None:
    second = life.a_time()
    if second is None:
        return
    draw, debtor = life.draw, life.debtor
    turn = draw()
    if turn < 0.84:
        if day >= life.no_calls_until and "call" not in life.refused and life.calls_left(day):
            _dial(life, day, second)
    elif turn < 0.91:
        if life.restraint.electronic and "text" not in life.refused and debtor.numbers[0].number not in life.bad_numbers:
            _text(life, day, second)
    elif turn < 0.96:
        if life.restraint.electronic and debtor.email and "email" not in life.refused:
            _email(life, day, second)
    elif turn < 0.98:
        number = debtor.numbers[0]
        if life.eventful and "call" not in life.refused and number.number not in life.bad_numbers:
            after_talk(life, life.call(day, second, number, "conversation", direction="inbound"), number)
    elif life.eventful and draw() < 0.6:
        mail_arrives(life, day)
    else:
        life.letter(day)


def _dial(life: Life, day: int, second: int) -> None:
    draw, debtor = life.draw, life.debtor
    number = debtor.numbers[0]
    if len(debtor.numbers) > 1 and draw() < 0.3:
        other = debtor.numbers[1]
        if other.place != "work" or (not life.work_barred and draw() < 0.3):
            number = other
    if number.number in life.bad_numbers:
        return
    debts: tuple[str, ...] = (debtor.debts[0].id,)
    if len(debtor.debts) > 1:
        turn = draw()
        debts = debts if turn < 0.6 else (debtor.debts[1].id,) if turn < 0.9 else (debts[0], debtor.debts[1].id)
    turn = draw()
    if turn < 0.60:
        life.call(day, second, number, "no_answer", debts)
    elif turn < 0.80:
        life.call(day, second, number, "voicemail", debts, dialing=_recorded(life, number, second))
    elif turn < 0.86:
        life.call(day, second, number, "busy", debts)
    elif turn < 0.90:
        life.call(day, second, number, "not_connected", debts)
    elif turn < 0.985 or not life.eventful:
        talk = life.call(day, second, number, "conversation", debts)
        if life.eventful:
            after_talk(life, talk, number)
    else:
        _wrong_number(life, day, second, number, debts)


def _recorded(life: Life, number: Number, second: int) -> str:
    """Now and then a recorded message, to a mobile number that was given, within the hours of the strictest states."""
    given = life.debtor.number_given and life.automatic and number.line == "mobile"
    first, last = life.window
    convenient = first + HOUR <= second <= last - 3 * HOUR
    return "prerecorded" if given and life.draw() < _RECORDED and convenient else ""


def _text(life: Life, day: int, second: int) -> None:
    if not life.consent("text", life.debtor.numbers[0].number, day, second, renews=not life.texts_automatic):
        return
    sent = life.text(day, second)
    if life.eventful and life.draw() < _OPTS_OUT:
        replied = min(second + 120, life.window[1] + 300)
        life.send("text", sent.address, day, replied, "delivered", STOP_WORDS, "", direction="inbound")
        _refused(life, day, replied, "text")
        if life.restraint.confirms:
            life.send(
                "text", sent.address, day, replied + 60, "delivered", CONFIRMATION_WORDS, "opt-out-1",
                purpose="opt_out_confirmation", dialing=sent.dialing,
            )  # fmt: skip


def _email(life: Life, day: int, second: int) -> None:
    sent = life.email(day, second)
    if life.eventful and life.draw() < _OPTS_OUT:
        replied = min(second + 900, life.window[1] + 300)
        life.send("email", sent.address, day, replied, "delivered", STOP_WORDS, "", direction="inbound")
        _refused(life, day, replied, "email")
        if life.restraint.confirms:
            life.send(
                "email", sent.address, day, replied + 60, "delivered", EMAIL_CONFIRMATION_WORDS, "opt-out-2",
                purpose="opt_out_confirmation",
            )  # fmt: skip


def _refused(life: Life, day: int, second: int, channel: str) -> None:
    life.learn(day, second, "medium_refused", channel=channel)
    life.refused.add(channel)
    if channel == "text":
        # Whether an opt-out from texts reaches calls of the dialer is disputed; people place them from now on.
        life.automatic = False


def _wrong_number(life: Life, day: int, second: int, number: Number, debts: tuple[str, ...]) -> None:
    """A stranger answers; then a relative is asked, once, where the consumer is to be found."""
    life.call(day, second, number, "answered", debts)
    life.learn(day, second + 60, "wrong_number", address=number.number)
    life.bad_numbers.add(number.number)
    life.silent_until = day + 9
    # The law lets a person be asked once; and an hour that does not suit the consumer suits no relative.
    hour = life.an_hour()
    if life.draw() < 0.3 and hour is not None and not life.relative_asked:
        life.relative_asked = True
        life.call_other(
            day + 2, hour, "third_party", f"{life.debtor.id}-r1",
            anothers_number(life.debtor, life.draw), "conversation", relation="sibling",
            purpose="location_information",
        )  # fmt: skip
