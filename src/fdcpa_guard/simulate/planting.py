"""Violations of federal law that are planted on purpose, each with the rules that must find it.

A kind is a script: it is run from a Monday on, in a life that has been silent for nine days, and adds what it needs and
the contact that breaks the rule. After it the life is silent for nine days again, or ends where the law ends it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from fdcpa_guard.simulate.clocks import HOUR
from fdcpa_guard.simulate.life import Life
from fdcpa_guard.simulate.people import ANYBODY, Wanted, anothers_number, pick
from fdcpa_guard.simulate.records import Act, Contact, Planted

Script = Callable[[Life, int], None]

CALL, TEXT, EMAIL, LETTER, INBOUND, ROLE = "call", "text", "email", "letter", "inbound", "role"
DIALING, WORDS = "dialing", "words"
"""What a form of log must be able to say for a planted violation to show in it."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of violation. `needs` are what the log must be able to say, `weight` how often it is chosen.

    `quiet_before` and `quiet_after`: the days before its Monday, and from it on, on which the lawful life does nothing;
    `days_after`: those that the script needs from it on. `until`: how many days after the first one the Monday may be at
    most. `notified`: whether there was a lawful life before, and a validation notice.
    """

    name: str
    script: Script
    wanted: Wanted = ANYBODY
    needs: frozenset[str] = frozenset({CALL})
    weight: int = 2
    quiet_before: int = 9
    quiet_after: int = 16
    days_after: int = 6
    until: int = 1_000_000
    notified: bool = True

    def mondays(self, start: int, end: int) -> range:
        """The Mondays of a life, from its first day up to the one after its last, on which it can be planted."""
        # Monday is 1 of an ordinal modulo 7.
        first = start + 10 + (1 - start - 10) % 7
        return range(first, min(end - self.days_after, start + self.until + 1), 7)


def _states(names: str) -> frozenset[str]:
    return frozenset(names.split())


# Where calls have no limit of the state's own below that of Regulation F, and nothing but it is planted.
PLAIN: Final = _states("AL AZ AR CA CO FL GA IL IN KS KY LA MI MN MO MS NC NE NH NJ OH OK PA TN TX UT VA WI WV")
# Advice on repeated calls, where a state has a standard and no number.
_REPEATED: Final = {
    "FL": "fl-559-72-7-frequency",
    "GA": "ga-46-5-21-repeated-calls",
    "NC": "nc-58-70-100-repeated-calls",
    "NH": "nh-repeated-calls",
    "TX": "tx-repeated-calls",
}
_EARLY_OR_LATE: Final = {
    "FL": ("fl-559-72-17-hours",),
    "MA": ("ma-209cmr-hours", "ma-940cmr-normal-waking-hours"),
    "MI": ("mi-hours-agencies",),
    "NY-NYC": ("ny-nyc-hours",),
    "WV": ("wv-hours",),
    "DC": ("dc-hours",),
}
_UNUSUAL: Final = {"NY-NYC": ("ny-unusual-hours",)}
_OF_EMAIL_TOO: Final = frozenset({"ma-209cmr-hours", "mi-hours-agencies", "ny-nyc-hours"})
_TOLD: Final = {
    "MA": ("ma-209cmr-hours", "ma-940cmr-normal-waking-hours"),
    "NC": ("nc-58-70-100-waking-hours",),
    "NH": ("nh-time-known-inconvenient",),
    "NY-NYC": ("ny-nyc-time-known-inconvenient",),
    "OR": ("or-time-known-inconvenient",),
    "WV": ("wv-time-known-inconvenient",),
}
_EMPLOYER: Final = {
    "DC": ("dc-employer",),
    "FL": ("fl-559-72-4-employer",),
    "MI": ("mi-employer-agencies",),
    "NH": ("nh-employer-before-judgment",),
}
EVENING: Final = 21 * HOUR
AFTER_TALK: Final = "us-regf-after-conversation"
CLOSE_TOGETHER: Final = ("us-regf-calls-concentrated", "us-regf-calls-in-succession")
"""Advice that may come with many calls."""
WISHES: Final = ("us-regf-calls-against-wishes", "us-tcpa-revocation-reasonable-time", "us-regf-text-procedures")
"""Advice that may come with calls and texts after the consumer asked for none."""


def plant(life: Life, contact: Contact | Act | None, kind: str, *rules: str, also: tuple[str, ...] = ()) -> None:
    life.story.planted.append(Planted(contact, kind, rules, also))


def moment(life: Life, hour: int, spread: int = HOUR) -> int:
    """A second of the day within `spread` after the hour, never on it."""
    return hour * HOUR + 60 + int(life.draw() * (spread - 120))


def quiet_outcome(life: Life) -> str:
    """How a call ends that counts and is no conversation."""
    return "no_answer" if life.draw() < 0.7 else "voicemail"


def where(life: Life) -> str:
    return life.debtor.home.jurisdiction


def eighth_call(life: Life, monday: int) -> None:
    """Eight calls in seven days: one a day and two on the last, or two a day from Monday; a busy line counts for nothing."""
    debtor = life.debtor
    if life.draw() < 0.5:
        days = [0, 1, 2, 3, 4, 5, 5]
    else:
        days = [0, 0, 1, 1, 2, 3, 4]
    number = debtor.numbers[0]
    for index, day in enumerate(days):
        life.call(monday + day, moment(life, 9 + index % 2 * 6), number, quiet_outcome(life))
    if life.draw() < 0.4:
        life.call(monday + 4, moment(life, 13), number, "busy")
    eighth = life.call(monday + 5, moment(life, 17), number, quiet_outcome(life))
    _also_repeated(life, eighth, "eighth_call")


def eighth_call_of_a_group(life: Life, monday: int) -> None:
    """Student loans serviced together are one debt: four calls about the one, four about the other."""
    first, second = (debt.id for debt in life.debtor.debts[:2])
    number = life.debtor.numbers[0]
    for index, day in enumerate((0, 0, 1, 2, 3, 4, 5)):
        life.call(monday + day, moment(life, 9 + index % 2 * 6), number, quiet_outcome(life), ((first, second)[index % 2],))
    eighth = life.call(monday + 5, moment(life, 17), number, quiet_outcome(life), (second,))
    _also_repeated(life, eighth, "eighth_call_of_a_group")


def _also_repeated(life: Life, eighth: Contact, kind: str) -> None:
    repeated = _REPEATED.get(where(life))
    rules = () if repeated is None else (repeated,)
    plant(life, eighth, kind, "us-regf-seven-in-seven", *rules, also=CLOSE_TOGETHER)


def call_after_conversation(life: Life, monday: int) -> None:
    """The collector's call led to a conversation, and another follows one to six days later."""
    life.call(monday, moment(life, 10), life.debtor.numbers[0], "conversation")
    _again(life, monday)


def call_after_their_call(life: Life, monday: int) -> None:
    """The same where the consumer had called."""
    life.call(monday, moment(life, 10), life.debtor.numbers[0], "conversation", direction="inbound")
    _again(life, monday)


def _again(life: Life, monday: int) -> None:
    again = life.call(monday + 1 + int(life.draw() * 5), moment(life, 11), life.debtor.numbers[0], quiet_outcome(life))
    rules = (AFTER_TALK, *(("dc-seven-days-after-conversation",) if where(life) == "DC" else ()))
    plant(life, again, "call_after_conversation", *rules)


def too_early(life: Life, monday: int) -> None:
    _at_night(life, life.call(monday + 1, moment(life, 7, HOUR // 2), life.debtor.numbers[0], quiet_outcome(life)), "too_early")


def too_late(life: Life, monday: int) -> None:
    contact = life.call(monday + 2, EVENING + 120 + int(life.draw() * 2400), life.debtor.numbers[0], quiet_outcome(life))
    _at_night(life, contact, "too_late")


def text_too_late(life: Life, monday: int) -> None:
    _at_night(life, life.text(monday + 3, EVENING + 600 + int(life.draw() * 1800)), "text_too_late")


def email_too_early(life: Life, monday: int) -> None:
    life.debtor.email = life.debtor.email or f"sim{life.debtor.index:07d}@example.com"
    _at_night(life, life.email(monday + 3, moment(life, 6)), "email_too_early")


def _at_night(life: Life, contact: Contact, kind: str) -> None:
    rules = _EARLY_OR_LATE.get(where(life), ())
    if contact.channel == "email":
        rules = tuple(rule for rule in rules if rule in _OF_EMAIL_TOO)
    if where(life) == "WA":
        rules = ("wa-hours-at-home",)
    if where(life) == "WV" and contact.channel != "call":
        rules = ()
    plant(life, contact, kind, "us-regf-contact-hours", *rules, also=_UNUSUAL.get(where(life), ()))


def too_early_at_one_place(life: Life, monday: int) -> None:
    """Convenient by the address, and before eight where the area code of the mobile number lies."""
    contact = life.call(monday + 1, moment(life, 8, HOUR // 2), life.debtor.numbers[0], quiet_outcome(life))
    plant(life, contact, "too_early_at_one_place", "us-regf-contact-hours")


def time_inconvenient(life: Life, monday: int) -> None:
    """The consumer has named hours, and is called within them."""
    begins = pick(life.draw, (9, 12, 15, 18))
    life.learn(monday, 10 * HOUR, "time_inconvenient", from_=f"{begins:02d}:00", to=f"{begins + 3:02d}:00")
    life.closed.append((begins * HOUR, (begins + 3) * HOUR))
    contact = life.call(monday + 2, moment(life, begins + 1), life.debtor.numbers[0], quiet_outcome(life))
    plant(life, contact, "time_inconvenient", "us-regf-time-known-inconvenient", *_TOLD.get(where(life), ()))


def work_after_prohibition(life: Life, monday: int) -> None:
    """The employer forbids it, and the number at work is called."""
    life.learn(monday, 10 * HOUR, "employer_prohibits")
    life.work_barred = True
    work = life.debtor.number_at("work")
    assert work is not None
    contact = life.call(monday + 2, moment(life, 11), work, quiet_outcome(life))
    plant(life, contact, "work_after_prohibition", "us-regf-workplace-prohibited")


def call_after_cease(life: Life, monday: int) -> None:
    _asked_in_writing(life, monday)
    contact = life.call(monday + 2, moment(life, 11), life.debtor.numbers[0], quiet_outcome(life))
    plant(life, contact, "contact_after_cease", "us-regf-cease-communication", also=WISHES)


def letter_after_cease(life: Life, monday: int) -> None:
    _asked_in_writing(life, monday)
    plant(life, life.letter(monday + 3), "contact_after_cease", "us-regf-cease-communication", also=WISHES)


def call_after_refusal_to_pay(life: Life, monday: int) -> None:
    life.learn(monday, 10 * HOUR, "refuses_to_pay", written="true", medium="letter")
    life.stopped = True
    contact = life.call(monday + 2, moment(life, 11), life.debtor.numbers[0], "voicemail")
    plant(life, contact, "contact_after_cease", "us-regf-cease-communication", also=WISHES)


def _asked_in_writing(life: Life, monday: int) -> None:
    life.learn(monday, 10 * HOUR, "cease_requested", written="true", medium="letter")
    life.stopped = True


def represented(life: Life, monday: int) -> None:
    """The attorney is known, and the consumer is called all the same."""
    life.learn(monday, 10 * HOUR, "attorney_represents", attorney="A. Ellery", contact_known="true")
    life.stopped = True
    contact = life.call(monday + 3, moment(life, 14), life.debtor.numbers[0], quiet_outcome(life))
    plant(life, contact, "represented", "us-regf-represented-by-attorney")


def told_a_neighbour(life: Life, monday: int) -> None:
    number = anothers_number(life.debtor, life.draw)
    contact = life.call_other(
        monday + 1, moment(life, 13), "third_party", f"{life.debtor.id}-n1", number, "conversation", relation="neighbour"
    )
    plant(life, contact, "third_party", "us-regf-third-parties")


def told_the_employer(life: Life, monday: int) -> None:
    number = anothers_number(life.debtor, life.draw)
    contact = life.call_other(
        monday + 1, moment(life, 13), "employer", f"{life.debtor.id}-e1", number, "conversation", relation="employer"
    )
    plant(life, contact, "third_party", "us-regf-third-parties", *_EMPLOYER.get(where(life), ()))


def second_location_call(life: Life, monday: int) -> None:
    """The same neighbour is asked twice where the consumer is."""
    number = anothers_number(life.debtor, life.draw)
    calls = [
        life.call_other(
            monday + day, moment(life, 13), "third_party", f"{life.debtor.id}-n1", number, "conversation",
            relation="neighbour", purpose="location_information",
        )
        for day in (0, 3)
    ]  # fmt: skip
    plant(life, calls[1], "second_location_call", "us-regf-location-once", "us-regf-third-parties", AFTER_TALK)


def call_refused(life: Life, monday: int) -> None:
    life.learn(monday, 10 * HOUR, "medium_refused", channel="call")
    life.refused.add("call")
    contact = life.call(monday + 2, moment(life, 11), life.debtor.numbers[0], quiet_outcome(life))
    plant(life, contact, "medium_refused", "us-regf-medium-refused", also=WISHES)


def text_refused(life: Life, monday: int) -> None:
    life.learn(monday, 10 * HOUR, "medium_refused", channel="text")
    life.refused.add("text")
    plant(life, life.text(monday + 2, moment(life, 11)), "medium_refused", "us-regf-medium-refused", also=WISHES)


def number_refused(life: Life, monday: int) -> None:
    """Calls are not refused, only those to one number."""
    number = life.debtor.numbers[0]
    life.learn(monday, 10 * HOUR, "medium_refused", channel="call", address=number.number)
    life.bad_numbers.add(number.number)
    life.refused.add("call")
    contact = life.call(monday + 2, moment(life, 11), number, quiet_outcome(life))
    plant(life, contact, "medium_refused", "us-regf-medium-refused", also=WISHES)


_EASY: Final = _states("AZ CA CO FL GA IL IN MA MI MN MO NC NH NJ NY-NYC OH OR PA TX VA WA WV WI")
_NO_WORK_RULES: Final = _states("AZ CA CO FL GA IL IN MN MO NJ OH PA TX VA WI")
_NO_MESSAGE_RULES: Final = PLAIN | {"MA", "OR"}

FEDERAL_KINDS: Final = (
    Kind("eighth_call", eighth_call, Wanted(PLAIN, at_home=True), weight=4),
    Kind("eighth_call_of_a_group", eighth_call_of_a_group, Wanted(PLAIN, at_home=True, pair=True), weight=1),
    Kind("call_after_conversation", call_after_conversation, Wanted(PLAIN | {"DC"}, at_home=True), weight=4),
    Kind("call_after_their_call", call_after_their_call, Wanted(PLAIN | {"DC"}, at_home=True), frozenset({CALL, INBOUND})),
    Kind("too_early", too_early, Wanted(_EASY | {"DC"}, at_home=True), weight=3),
    Kind("too_late", too_late, Wanted(_EASY | {"DC"}, at_home=True), weight=3),
    Kind("text_too_late", text_too_late, Wanted(_NO_MESSAGE_RULES, at_home=True), frozenset({TEXT})),
    Kind("email_too_early", email_too_early, Wanted(_NO_MESSAGE_RULES, at_home=True), frozenset({EMAIL})),
    Kind("too_early_at_one_place", too_early_at_one_place,
         Wanted(_states("IL IN MN MO NJ OH PA TN TX VA WI"), ported=True), weight=3),
    Kind("time_inconvenient", time_inconvenient, Wanted(_EASY, at_home=True), weight=3),
    Kind("work_after_prohibition", work_after_prohibition, Wanted(_NO_WORK_RULES, at_home=True, works=True), weight=3),
    Kind("call_after_cease", call_after_cease, Wanted(PLAIN, at_home=True), weight=3),
    Kind("letter_after_cease", letter_after_cease, Wanted(PLAIN, at_home=True), frozenset({LETTER}), weight=1),
    Kind("call_after_refusal_to_pay", call_after_refusal_to_pay, Wanted(PLAIN, at_home=True), weight=1),
    Kind("represented", represented, Wanted(PLAIN, at_home=True), weight=3),
    Kind("told_a_neighbour", told_a_neighbour, Wanted(PLAIN, at_home=True), frozenset({CALL, ROLE})),
    Kind("told_the_employer", told_the_employer,
         Wanted(_states("CA FL MI NH DC OH TX VA"), at_home=True), frozenset({CALL, ROLE})),
    Kind("second_location_call", second_location_call, Wanted(_NO_WORK_RULES, at_home=True), frozenset({CALL, ROLE}), 1),
    Kind("call_refused", call_refused, Wanted(PLAIN, at_home=True)),
    Kind("text_refused", text_refused, Wanted(PLAIN, at_home=True), frozenset({TEXT})),
    Kind("number_refused", number_refused, Wanted(PLAIN, at_home=True), weight=1),
)  # fmt: skip
