"""The lawful life of one account: what the collector may do in it, what is known, and what is to be done on which day.

The collector of this life keeps to federal law and to the states' limits by itself (`restraint`), so that an audit of it
finds no violation. What happens in it is told by `lives`; what is planted on purpose comes from `planting`.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable
from typing import Final

from fdcpa_guard.simulate.clocks import HOUR, at_text, common_hours
from fdcpa_guard.simulate.notices import contents, subject
from fdcpa_guard.simulate.people import Draw
from fdcpa_guard.simulate.records import Act, Contact, Debtor, Learnt, LifeStory, Number
from fdcpa_guard.simulate.restraint import EASTERN, restraint_in
from fdcpa_guard.simulate.wording import (
    EMAIL_WORDS,
    LETTER,
    LOCATION,
    MESSAGE,
    NOTHING,
    RECORDED,
    TALK,
    TEXT_WORDS,
    TO_ANOTHER,
    VOICEMAIL,
    Says,
)

_EARLIEST: Final = 8 * HOUR + 600
_LATEST: Final = 20 * HOUR + 1800
MORNING: Final = 7 * HOUR
"""When the mail is opened, before anybody is called."""
DESK: Final = 7 * HOUR + 1800
"""When what was put off to a day is done, before anybody is called on it."""
AFTERNOON: Final = 15 * HOUR
_AFTER_TALK: Final = 8
"""Days after a conversation in which nobody calls: Regulation F counts the day of the talk, the District does not."""
_CONSENT_IS_FRESH: Final = 56
"""Days after which the collector has a consent to messages renewed, before the 60 of Regulation F are over."""
_SUNDAY: Final = 0
"""Of an ordinal modulo 7."""
Appointment = Callable[[int], None]
"""What is done on a day, given its ordinal."""


class Life:
    """One consumer's account from its placement to the last day, told into `story`."""

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
        self.silent_until = 0
        self.stopped = False
        self.paused = False
        """Nothing is collected until an answer is sent."""
        self.reports = True
        """Whether anything may still be furnished to an agency."""
        self.owed = True
        self.has_a_plan = False
        self.notified_on = 0
        """The day of the validation notice that arrived."""
        self.disputed: set[str] = set()
        self.furnished: dict[str, int] = {}
        self.refused: set[str] = set()
        self.bad_numbers: set[str] = set()
        self.relative_asked = False
        self.work_barred = not self.restraint.work_calls
        self.eventful = True
        self.automatic = debtor.number_given
        """Whether the dialer may call the mobile number: the number was given, or the consumer has consented."""
        self.texts_automatic = False
        self._consented: dict[str, int] = {}
        self._contact_days: deque[int] = deque()
        self._call_days: deque[int] = deque()
        self._serial = 0
        self._appointments: list[tuple[int, bool, int, Appointment]] = []
        self._made = 0

    # --- what is to be done later ---------------------------------------------------------------------------------------

    def later(self, day: int, do: Appointment, *, is_news: bool = False) -> None:
        """Do something on a day, if the life is told that far; news of that day comes before what is done on it."""
        if day < self.end:
            self._made += 1
            heapq.heappush(self._appointments, (day, not is_news, self._made, do))

    def keep_appointments(self, day: int) -> None:
        """What was put off to a day that has come by now, each on its own day."""
        while self._appointments and self._appointments[0][0] <= day:
            due, _, _, do = heapq.heappop(self._appointments)
            do(due)

    def next_appointment(self) -> int:
        """The day of it; the end of the life where there is none."""
        return self._appointments[0][0] if self._appointments else self.end

    def when_there_is_room(self, day: int, do: Appointment) -> None:
        """Do it on that day or the first one after it on which one more contact stays within the restraint."""
        if self.has_room(day) and self.apart(day):
            do(day)
        else:
            self.later(day + 1, lambda next_day: self.when_there_is_room(next_day, do))

    # --- what is done ---------------------------------------------------------------------------------------------------

    def has_room(self, day: int, limit: int = 0) -> bool:
        """Whether one more contact stays within the restraint of seven days."""
        days = self._contact_days
        while days and days[0] <= day - 7:
            days.popleft()
        return len(days) < (limit or self.restraint.contacts)

    def apart(self, day: int) -> bool:
        """Whether the last contact is far enough away, and the day no Sunday."""
        return day % 7 != _SUNDAY and (not self._contact_days or day - self._contact_days[-1] >= self.restraint.apart)

    def calls_left(self, day: int) -> bool:
        days = self._call_days
        while days and days[0] <= day - 7:
            days.popleft()
        return len(days) < self.restraint.calls

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
        says = NOTHING
        if outcome == "conversation":
            self.no_calls_until = max(self.no_calls_until, day + _AFTER_TALK)
            talk = talk or 90 + int(self.draw() * 600)
            says = TALK
        elif outcome == "voicemail":
            talk = 25
            says = RECORDED if dialing == "prerecorded" else VOICEMAIL
        elif outcome == "answered":
            talk = 12
        if direction == "outbound":
            dialing = dialing or ("autodialed" if number.line == "landline" or self.automatic else "manual")
        # Of a call that the dialer placed and nobody answered, no agent ever knew.
        alone = dialing in ("autodialed", "prerecorded") and outcome not in ("conversation", "answered")
        self._serial += 1
        contact = Contact(
            self._serial, day, second, "call", number.number, number.place, debts or (debtor.debts[0].id,), outcome,
            "" if alone else debtor.agent, direction,
            dialing=dialing,
            template="voicemail-1" if outcome == "voicemail" else "",
            talk=talk,
            more=says,
        )  # fmt: skip
        self.story.contacts.append(contact)
        if direction == "outbound":
            self._contact_days.append(day)
            self._call_days.append(day)
        return contact

    def consent(self, channel: str, address: str, day: int, second: int, *, renews: bool = True) -> bool:
        """Whether the consumer's consent to messages there is as fresh as it need be, given or renewed an hour before."""
        last = self._consented.get(channel)
        if not address or channel in self.refused:
            return True
        if last is not None and day - last <= _CONSENT_IS_FRESH:
            return True
        if last is not None and not renews:
            return False
        to = "text|autodialed" if channel == "text" and self.texts_automatic else channel
        self.learn(day, second - HOUR, "consent_given", to=to, address=address, given_to="collector")
        self._consented[channel] = day
        if to != channel:
            self.debtor.checked_at = at_text(self.debtor.zone, day, second - HOUR // 2)
            self.automatic = True
        return True

    def text(self, day: int, second: int, *, outcome: str = "delivered") -> Contact:
        self.consent("text", self.debtor.numbers[0].number, day, second)
        dialing = "autodialed" if self.texts_automatic else ""
        return self.send(
            "text", self.debtor.numbers[0].number, day, second, outcome, TEXT_WORDS, "text-1", dialing=dialing, says=MESSAGE
        )

    def email(self, day: int, second: int) -> Contact:
        self.consent("email", self.debtor.email, day, second)
        return self.send(
            "email", self.debtor.email, day, second, "delivered", EMAIL_WORDS, "email-1",
            says={**MESSAGE, "subject": subject(self.debtor)},
        )  # fmt: skip

    def letter(self, day: int, purpose: str = "", template: str = "letter-1", says: Says = LETTER, **kind: str) -> Contact:
        return self.send(
            "letter", self.address, day, AFTERNOON, kind.pop("outcome", "delivered"), "", template, purpose=purpose,
            says={**says, **kind},
        )  # fmt: skip

    def notify(self, day: int, *, by: str = "letter", outcome: str = "delivered", **more: str) -> Contact:
        """The validation notice, with the event; an email declares how to answer electronically."""
        address = self.debtor.email if by == "email" else self.address
        if by == "email":
            self.consent("email", address, day, AFTERNOON)
        notice = self.send(by, address, day, AFTERNOON, outcome, "", "validation-notice", purpose="validation_notice")
        notice.debts = tuple([debt.id for debt in self.debtor.debts])
        says = contents(self.debtor, notice)
        if "discloses" in more:
            says = {**says, "discloses": f"{says['discloses']}|{more['discloses']}"}
        notice.more = {**says, **{name: text for name, text in more.items() if name != "discloses"}}
        self.learn(
            day, AFTERNOON, "validation_notice_sent", medium=by, address=address,
            period_ends=notice.more["period_ends"], language=more.get("languages", ""),
        )  # fmt: skip
        if outcome == "delivered":
            self.notified_on = day
        return notice

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
        dialing: str = "",
        role: str = "consumer",
        person: str = "",
        says: Says = NOTHING,
    ) -> Contact:
        """A message to the consumer, or from the consumer; or to somebody in the consumer's stead."""
        self._serial += 1
        debtor = self.debtor
        contact = Contact(
            self._serial, day, second, channel, address, "home" if channel == "letter" else "personal",
            tuple([debt.id for debt in debtor.debts]) if channel == "letter" else (debtor.debts[0].id,), outcome,
            "" if direction == "inbound" else debtor.agent, direction, role, person,
            dialing=dialing, purpose=purpose, content=content, template=template, more=says,
        )  # fmt: skip
        self.story.contacts.append(contact)
        if direction == "outbound" and purpose != "opt_out_confirmation":
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
            more=LOCATION if purpose == "location_information" else TO_ANOTHER,
        )  # fmt: skip
        self.story.contacts.append(contact)
        return contact

    def act(self, day: int, type_: str, debts: tuple[str, ...], *, second: int = DESK, **said: str) -> Act:
        """What is done besides communicating."""
        act = Act(len(self.story.acts) + 1, day, second, type_, debts, {name: text for name, text in said.items() if text})
        self.story.acts.append(act)
        return act

    def learn(self, day: int, second: int, type_: str, given_in: Contact | None = None, **said: str) -> None:
        self.story.learnt.append(
            Learnt(day, second, type_, {name.rstrip("_"): text for name, text in said.items() if text}, given_in)
        )

    # --- where and when -------------------------------------------------------------------------------------------------

    @property
    def address(self) -> str:
        """Where the consumer's mail goes."""
        home = self.debtor.home
        return f"{self.debtor.post_box or self.debtor.street}; {home.city} {home.state} {home.zip}"

    @property
    def debts(self) -> tuple[str, ...]:
        return tuple([debt.id for debt in self.debtor.debts])

    def an_hour(self) -> int | None:
        """The second of a full hour in the day that the consumer has not called inconvenient, for calls to others."""
        hours = [hour * HOUR for hour in (14, 11, 18) if not any(a <= hour * HOUR < b for a, b in self.closed)]
        return hours[0] if hours else None

    def a_time(self) -> int | None:
        """A second of the day at which a contact is convenient wherever the consumer may be; None where none was found."""
        first, last = self.window
        for _ in range(8):
            second = first + int(self.draw() * (last - first))
            if all(not begins - 600 <= second <= ends + 600 for begins, ends in self.closed):
                return second
        return None
