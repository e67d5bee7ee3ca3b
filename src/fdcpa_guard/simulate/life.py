"""The lawful life of one account: attempts through the week, what came of them, what became known, and what then stops.

The collector of this life keeps to Regulation F and to the states' limits by itself (`restraint`), so that an audit of it
finds no violation. What is planted on purpose comes from `planting`.
"""

from __future__ import annotations

from collections import deque
from typing import Final

from fdcpa_guard.simulate.clocks import HOUR, common_hours
from fdcpa_guard.simulate.people import Draw, home_number, pick
from fdcpa_guard.simulate.records import (
    CONFIRMATION_WORDS,
    EMAIL_WORDS,
    STOP_WORDS,
    TEXT_WORDS,
    Contact,
    Debtor,
    Learnt,
    LifeStory,
    Number,
)
from fdcpa_guard.simulate.restraint import EASTERN, restraint_in

_EARLIEST: Final = 8 * HOUR + 600
_LATEST: Final = 20 * HOUR + 1800
_NOON: Final = 12 * HOUR
_AFTER_TALK: Final = 8
"""Days after a conversation in which nobody calls: Regulation F counts the day of the talk, the District does not."""
_CONSENT_IS_FRESH: Final = 56
"""Days after which the collector has a consent to messages renewed, before the 60 of Regulation F are over."""
_CLOSED_HOURS: Final = (("08:00", "12:00"), ("12:00", "14:00"), ("13:00", "17:00"), ("17:00", "21:00"))
_SUNDAY: Final = 0
"""Of an ordinal modulo 7."""


class Life:
    """Lives one consumer's account from its placement to the last day, into `story`."""

    def __init__(self, debtor: Debtor, first_day: int, days: int, draw: Draw) -> None:
        self.debtor = debtor
        self.first_day = first_day
        self.end = first_day + days
        self.draw = draw
        self.story = LifeStory(debtor)
        self.restraint = restraint_in(debtor.jurisdictions)
        zones = (*debtor.zones, EASTERN) if self.restraint.eastern else debtor.zones
        self.window = common_hours(debtor.zone, zones, _EARLIEST, _LATEST)
        self.one_clock = self.window == (_EARLIEST, _LATEST)
        self.closed: list[tuple[int, int]] = []
        self.no_calls_until = 0
        self.relative_asked = False
        self.silent_until = 0
        self.stopped = False
        self.refused: set[str] = set()
        self.bad_numbers: set[str] = set()
        self._consented: dict[str, int] = {}
        self.work_barred = not self.restraint.work_calls
        self.eventful = True
        self._contact_days: deque[int] = deque()
        self._call_days: deque[int] = deque()
        self._serial = 0

    # --- what is done ---------------------------------------------------------------------------------------------------

    def begin(self, day: int) -> int:
        """The validation notice, by mail. Gives the first day on which attempts may follow."""
        self.letter(day, "validation_notice", "validation-notice")
        self.learn(day, _NOON, "validation_notice_sent", medium="letter")
        return day + 4 + int(self.draw() * 4)

    def live(self, day: int, until: int) -> None:
        """Attempts from `day` up to, not including, `until`."""
        while day < until and not self.stopped:
            if day % 7 == _SUNDAY or day < self.silent_until or not self.has_room(day):
                day += 1
                continue
            self._attempt(day)
            turn = self.draw()
            day += self.restraint.apart + (0 if turn < 0.5 else 1 if turn < 0.8 else 2)

    def has_room(self, day: int, limit: int = 0) -> bool:
        """Whether one more contact stays within the restraint of seven days."""
        days = self._contact_days
        while days and days[0] <= day - 7:
            days.popleft()
        return len(days) < (limit or self.restraint.contacts)

    def call(
        self,
        day: int,
        second: int,
        number: Number,
        outcome: str,
        debts: tuple[str, ...] = (),
        *,
        dialing: str = "",
        direction: str = "outbound",
        talk: int = 0,
    ) -> Contact:
        """A call with the consumer."""
        debtor = self.debtor
        if outcome == "conversation":
            self.no_calls_until = max(self.no_calls_until, day + _AFTER_TALK)
            talk = talk or 90 + int(self.draw() * 600)
        elif outcome == "voicemail":
            talk = 25
        elif outcome == "answered":
            talk = 12
        if direction == "outbound":
            dialing = dialing or ("manual" if number.line == "mobile" else "autodialed")
        # Of a call that the dialer placed and nobody answered, no agent ever knew.
        alone = dialing in ("autodialed", "prerecorded") and outcome not in ("conversation", "answered")
        self._serial += 1
        contact = Contact(
            self._serial, day, second, "call", number.number, number.place, debts or (debtor.debts[0].id,), outcome,
            "" if alone else debtor.agent, direction,
            dialing=dialing,
            template="voicemail-1" if outcome == "voicemail" else "",
            talk=talk,
        )  # fmt: skip
        self.story.contacts.append(contact)
        if direction == "outbound":
            self._contact_days.append(day)
            self._call_days.append(day)
        return contact

    def _consent(self, channel: str, address: str, day: int, second: int) -> None:
        """The consumer's consent to messages there, given or renewed an hour before, where it is not as fresh as it need be."""
        last = self._consented.get(channel)
        if address and channel not in self.refused and (last is None or day - last > _CONSENT_IS_FRESH):
            self.learn(day, second - HOUR, "consent_given", to=channel, address=address)
            self._consented[channel] = day

    def text(self, day: int, second: int, *, outcome: str = "delivered") -> Contact:
        self._consent("text", self.debtor.numbers[0].number, day, second)
        return self.send("text", self.debtor.numbers[0].number, day, second, outcome, TEXT_WORDS, "text-1")

    def email(self, day: int, second: int) -> Contact:
        self._consent("email", self.debtor.email, day, second)
        return self.send("email", self.debtor.email, day, second, "delivered", EMAIL_WORDS, "email-1")

    def letter(self, day: int, purpose: str = "", template: str = "letter-1") -> Contact:
        return self.send("letter", self.address, day, 15 * HOUR, "delivered", "", template, purpose=purpose)

    def send(
        self,
        channel: str,
        address: str,
        day: int,
        second: int,
        outcome: str,
        content: str,
        template: str,
        *,
        purpose: str = "",
        direction: str = "outbound",
    ) -> Contact:
        """A message to the consumer, or from the consumer."""
        self._serial += 1
        debtor = self.debtor
        contact = Contact(
            self._serial, day, second, channel, address, "home" if channel == "letter" else "personal",
            tuple([debt.id for debt in debtor.debts]) if channel == "letter" else (debtor.debts[0].id,), outcome,
            "" if direction == "inbound" else debtor.agent, direction,
            purpose=purpose, content=content, template=template,
        )  # fmt: skip
        self.story.contacts.append(contact)
        if direction == "outbound":
            self._contact_days.append(day)
        return contact

    def call_other(
        self,
        day: int,
        second: int,
        role: str,
        person: str,
        number: str,
        outcome: str,
        *,
        relation: str = "",
        purpose: str = "",
    ) -> Contact:
        """A call with somebody else: the attorney, a neighbour, the employer."""
        self._serial += 1
        debtor = self.debtor
        contact = Contact(
            self._serial, day, second, "call", number, "other", (debtor.debts[0].id,), outcome, debtor.agent, "outbound",
            role, person, relation, "manual", purpose, talk=120 if outcome == "conversation" else 0,
        )  # fmt: skip
        self.story.contacts.append(contact)
        return contact

    def learn(self, day: int, second: int, type_: str, given_in: Contact | None = None, **said: str) -> None:
        self.story.learnt.append(
            Learnt(day, second, type_, {name.rstrip("_"): text for name, text in said.items()}, given_in)
        )

    @property
    def address(self) -> str:
        home = self.debtor.home
        return f"{self.debtor.street}; {home.city} {home.state} {home.zip}"

    def a_time(self) -> int | None:
        """A second of the day at which a contact is convenient wherever the consumer may be; None where none was found."""
        first, last = self.window
        for _ in range(8):
            second = first + int(self.draw() * (last - first))
            if all(not begins - 600 <= second <= ends + 600 for begins, ends in self.closed):
                return second
        return None

    # --- one attempt ----------------------------------------------------------------------------------------------------

    def _attempt(self, day: int) -> None:
        second = self.a_time()
        if second is None:
            return
        draw, debtor = self.draw, self.debtor
        turn = draw()
        if turn < 0.84:
            if day >= self.no_calls_until and "call" not in self.refused and self._calls_left(day):
                self._dial(day, second)
        elif turn < 0.91:
            mobile = debtor.numbers[0].number
            if self.restraint.electronic and "text" not in self.refused and mobile not in self.bad_numbers:
                self._text(day, second)
        elif turn < 0.96:
            if self.restraint.electronic and debtor.email and "email" not in self.refused:
                self.email(day, second)
        elif turn < 0.98:
            if self.eventful and "call" not in self.refused:
                self._called_by_consumer(day, second)
        elif self.eventful and draw() < 0.5:
            self._mail_arrives(day)
        else:
            self.letter(day)

    def _calls_left(self, day: int) -> bool:
        days = self._call_days
        while days and days[0] <= day - 7:
            days.popleft()
        return len(days) < self.restraint.calls

    def _dial(self, day: int, second: int) -> None:
        draw, debtor = self.draw, self.debtor
        number = debtor.numbers[0]
        if len(debtor.numbers) > 1 and draw() < 0.3:
            other = debtor.numbers[1]
            if other.place != "work" or (not self.work_barred and draw() < 0.3):
                number = other
        if number.number in self.bad_numbers:
            return
        debts: tuple[str, ...] = (debtor.debts[0].id,)
        if len(debtor.debts) > 1:
            turn = draw()
            debts = debts if turn < 0.6 else (debtor.debts[1].id,) if turn < 0.9 else (debts[0], debtor.debts[1].id)
        turn = draw()
        if turn < 0.60:
            self.call(day, second, number, "no_answer", debts)
        elif turn < 0.80:
            self.call(day, second, number, "voicemail", debts)
        elif turn < 0.86:
            self.call(day, second, number, "busy", debts)
        elif turn < 0.90:
            self.call(day, second, number, "not_connected", debts)
        elif turn < 0.985 or not self.eventful:
            talk = self.call(day, second, number, "conversation", debts)
            if self.eventful:
                self._after_talk(talk, number)
        else:
            self._wrong_number(day, second, number, debts)

    def _text(self, day: int, second: int) -> None:
        sent = self.text(day, second)
        if self.eventful and self.draw() < 0.06:
            replied = min(second + 120, self.window[1] + 300)
            self.send("text", sent.address, day, replied, "delivered", STOP_WORDS, "", direction="inbound")
            self.learn(day, replied, "medium_refused", channel="text")
            self.refused.add("text")
            if self.restraint.confirms:
                self.send(
                    "text", sent.address, day, replied + 60, "delivered", CONFIRMATION_WORDS, "opt-out-1",
                    purpose="opt_out_confirmation",
                )  # fmt: skip
                self._contact_days.pop()

    def _called_by_consumer(self, day: int, second: int) -> None:
        number = self.debtor.numbers[0]
        talk = self.call(day, second, number, "conversation", direction="inbound")
        self._after_talk(talk, number)

    def _wrong_number(self, day: int, second: int, number: Number, debts: tuple[str, ...]) -> None:
        """A stranger answers; then a relative is asked, once, where the consumer is to be found."""
        self.call(day, second, number, "answered", debts)
        self.learn(day, second + 60, "wrong_number", address=number.number)
        self.bad_numbers.add(number.number)
        self.silent_until = day + 9
        # The law lets a person be asked once; and an hour that does not suit the consumer suits no relative.
        hours = [hour for hour in (11, 15, 18) if not any(a <= hour * HOUR < b for a, b in self.closed)]
        if self.draw() < 0.3 and hours and not self.relative_asked:
            self.relative_asked = True
            self.call_other(
                day + 2, hours[0] * HOUR, "third_party", f"{self.debtor.id}-r1",
                home_number(self.debtor.home, self.draw), "conversation", relation="sibling",
                purpose="location_information",
            )  # fmt: skip

    # --- what becomes known -----------------------------------------------------------------------------------------------

    def _after_talk(self, talk: Contact, number: Number) -> None:
        turn = self.draw()
        day, second = talk.day, talk.second
        after = second + talk.talk
        if turn < 0.25:
            self.learn(day, after, "payment_promised", debt_ids=talk.debts[0])
            if self.draw() < 0.6 and day + 10 < self.end:
                self.learn(day + 10, _NOON, "payment_made", debt_ids=talk.debts[0], amount="50.00")
        elif turn < 0.29:
            self.learn(day, after, "paid")
            self.stopped = True
        elif turn < 0.36:
            self._asked_to_be_called(talk, number)
        elif turn < 0.40:
            if self.one_clock and not self.closed:
                begins, ends = pick(self.draw, _CLOSED_HOURS)
                self.learn(day, after, "time_inconvenient", from_=begins, to=ends)
                self.closed.append((int(begins[:2]) * HOUR, int(ends[:2]) * HOUR))
        elif turn < 0.43:
            self.learn(day, after, "employer_prohibits")
            self.work_barred = True
        elif turn < 0.45:
            self.learn(day, after, "place_inconvenient", place="work", written="false")
            self.work_barred = True
        elif turn < 0.47:
            self.learn(day, after, "medium_refused", channel="call")
            self.refused.add("call")
        elif turn < 0.49:
            self.learn(day, after, "hardship_stated")

    def _asked_to_be_called(self, talk: Contact, number: Number) -> None:
        """Consent, given in the conversation, to be called again within the seven days."""
        if not self.restraint.calls_again_on_request or talk.day + 3 >= self.end:
            return
        self.learn(talk.day, talk.second, "consent_given", talk, to="call", given_to="collector")
        again = talk.day + 1 + int(self.draw() * 2)
        second = self.a_time()
        self.silent_until = again + self.restraint.apart
        if second is not None and number.place != "work" and self.has_room(again) and self._apart(again):
            self.call(again, second, number, "voicemail" if self.draw() < 0.7 else "no_answer", talk.debts)

    def _apart(self, day: int) -> bool:
        return day % 7 != _SUNDAY and (not self._contact_days or day - self._contact_days[-1] >= self.restraint.apart)

    def _mail_arrives(self, day: int) -> None:
        """A letter that changes what may be done: to cease, of an attorney, or a dispute."""
        turn = self.draw()
        self.send("letter", self.address, day, 10 * HOUR, "", "", "", direction="inbound")
        if turn < 0.3:
            self.learn(day, 10 * HOUR, "cease_requested", written="true", medium="letter")
            self.stopped = True
        elif turn < 0.6:
            self.learn(day, 10 * HOUR, "attorney_represents", attorney="A. Ellery", contact_known="true")
            self.stopped = True
            self._call_attorney(day + 4)
        else:
            self._disputed(day)

    def _call_attorney(self, day: int) -> None:
        number = home_number(self.debtor.home, self.draw)
        while day < self.end and self.draw() < 0.8:
            if day % 7 != _SUNDAY:
                outcome = "voicemail" if self.draw() < 0.6 else "conversation"
                self.call_other(day, 14 * HOUR, "attorney", f"{self.debtor.id}-a1", number, outcome)
            day += 9

    def _disputed(self, day: int) -> None:
        """Nothing until the verification is on its way, and no call after it; in New York nothing more at all."""
        self.learn(day, 10 * HOUR, "dispute_received", written="true", medium="letter")
        answered = day + 8
        if self.debtor.home.state == "NY" or "NY-NYC" in self.debtor.jurisdictions or answered >= self.end:
            self.stopped = True
            return
        self.letter(answered, "dispute_response", "verification")
        self.learn(answered, 15 * HOUR, "verification_sent")
        self.silent_until = answered + 3
        self.refused.add("call")
