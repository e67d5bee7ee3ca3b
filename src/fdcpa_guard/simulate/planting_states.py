"""Violations of state law that are planted on purpose, most of them lawful under Regulation F.

Rules for another reading of the same law, which an audit uses only where its policy asks, are told as `also`.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from fdcpa_guard.simulate.clocks import HOUR
from fdcpa_guard.simulate.life import Life
from fdcpa_guard.simulate.people import Wanted
from fdcpa_guard.simulate.planting import (
    CALL,
    CLOSE_TOGETHER,
    DIALING,
    EVENING,
    LETTER,
    TEXT,
    WISHES,
    Kind,
    moment,
    plant,
    quiet_outcome,
)
from fdcpa_guard.simulate.records import Number

_NYC_AMENDED: Final = date(2026, 9, 1).toordinal()
_SUNDAY: Final = 6


def ma_third_call(life: Life, monday: int) -> None:
    """Massachusetts: two in seven days about a debt, answered or not."""
    for day in (0, 2):
        life.call(monday + day, moment(life, 10), life.debtor.numbers[0], quiet_outcome(life))
    third = life.call(monday + 4, moment(life, 15), life.debtor.numbers[0], quiet_outcome(life))
    plant(life, third, "ma_third_in_seven_days", "ma-209cmr-two-in-seven-days", "ma-940cmr-two-in-seven-days")


def ma_third_by_text(life: Life, monday: int) -> None:
    """Massachusetts counts texts beside calls."""
    life.call(monday, moment(life, 10), life.debtor.numbers[0], quiet_outcome(life))
    life.text(monday + 1, moment(life, 10))
    third = life.text(monday + 3, moment(life, 15))
    plant(life, third, "ma_third_in_seven_days", "ma-209cmr-two-in-seven-days", "ma-940cmr-two-in-seven-days")


def ma_work_on_request(life: Life, monday: int) -> None:
    """Massachusetts: no call at work for ten days after the consumer said so, and none after it was written."""
    life.learn(monday, 10 * HOUR, "place_inconvenient", place="work", written="true" if life.draw() < 0.5 else "false")
    contact = life.call(monday + 2, moment(life, 11), _work(life), quiet_outcome(life))
    plant(life, contact, "ma_work_on_request", "ma-no-calls-at-work-on-request", "us-regf-place-known-inconvenient")


def nyc_one_too_many(life: Life, monday: int) -> None:
    """New York City: two in seven days that reached the consumer; from September 2026 three attempts about an account."""
    number = life.debtor.numbers[0]
    if monday < _NYC_AMENDED - 7:
        for day in (0, 2):
            life.call(monday + day, moment(life, 10), number, "voicemail")
        third = life.call(monday + 4, moment(life, 15), number, "voicemail")
        plant(life, third, "nyc_third", "ny-nyc-two-in-seven-days", also=("ny-nyc-two-attempts-in-seven-days",))
        return
    for day in (0, 1, 3):
        life.call(monday + day, moment(life, 10), number, "voicemail")
    fourth = life.call(monday + 5, moment(life, 15), number, "voicemail")
    rule = "ny-nyc-three-in-seven-days" if monday >= _NYC_AMENDED else "ny-nyc-two-in-seven-days"
    also = ("ny-nyc-two-attempts-in-seven-days", "ny-nyc-two-in-seven-days", "ny-nyc-three-in-seven-days")
    plant(life, fourth, "nyc_fourth", rule, also=also)


def nyc_before_verification(life: Life, monday: int) -> None:
    """New York City: a call about a debt that was disputed and is not verified yet."""
    life.learn(monday, 10 * HOUR, "dispute_received", written="true", medium="letter")
    life.stopped = True
    contact = life.call(monday + 2, moment(life, 11), life.debtor.numbers[0], quiet_outcome(life))
    rule = "ny-nyc-verification-pause" if contact.day < _NYC_AMENDED else "ny-nyc-dispute-pause"
    plant(life, contact, "nyc_before_verification", rule, also=("us-regf-dispute-pause", *WISHES))


def wa_fourth_in_a_week(life: Life, monday: int) -> None:
    """Washington: three communications in a week."""
    for day in (0, 1, 2):
        life.call(monday + day, moment(life, 10), life.debtor.numbers[0], "voicemail")
    fourth = life.call(monday + 4, moment(life, 15), life.debtor.numbers[0], "voicemail")
    plant(life, fourth, "wa_fourth_in_a_week", "wa-three-a-week", also=("wa-three-in-seven-days",))


def wa_second_at_work(life: Life, monday: int) -> None:
    """Washington: one communication in a week at work."""
    life.call(monday, moment(life, 10), _work(life), "voicemail")
    second = life.call(monday + 2, moment(life, 15), _work(life), "voicemail")
    plant(life, second, "wa_second_at_work", "wa-work-once-a-week", also=("wa-work-once-in-seven-days",))


def dc_fifth_call(life: Life, monday: int) -> None:
    """The District: four calls in seven days about one account."""
    for day in (0, 1, 2, 3):
        life.call(monday + day, moment(life, 10), life.debtor.numbers[0], "voicemail")
    fifth = life.call(monday + 5, moment(life, 9), life.debtor.numbers[0], "voicemail")
    plant(life, fifth, "dc_fifth_call", "dc-four-calls", also=("dc-four-calls-in-168-hours",))


def wv_at_the_hour(life: Life, monday: int) -> None:
    """West Virginia: after eight and before nine, so that the hour itself is outside."""
    second = 8 * HOUR if life.draw() < 0.5 else EVENING
    contact = life.call(monday + 1, second, life.debtor.numbers[0], quiet_outcome(life))
    plant(life, contact, "wv_at_the_hour", "wv-hours")


def wv_thirty_first_call(life: Life, monday: int) -> None:
    """West Virginia: thirty calls in a week; Regulation F presumes seven to be enough."""
    for index in range(31):
        day = min(index // 5, 5)
        contact = life.call(monday + day, moment(life, 9 + index - 5 * day), life.debtor.numbers[0], "no_answer")
        if index >= 30:
            rules, also = ("wv-thirty-calls-a-week",), ("wv-thirty-calls-in-seven-days", *CLOSE_TOGETHER)
            plant(life, contact, "wv_thirty_first_call", "us-regf-seven-in-seven", *rules, also=also)
        elif index >= 7:
            plant(life, contact, "wv_thirty_first_call", "us-regf-seven-in-seven", also=CLOSE_TOGETHER)


def or_work_not_home_first(life: Life, monday: int) -> None:
    """Oregon: a call to work without an attempt at home; at the consumer's own number there was a talk before."""
    _talked_before(life, monday)
    contact = life.call(monday + 1, moment(life, 11), _work(life), quiet_outcome(life))
    plant(life, contact, "or_work_not_home_first", "or-work-call-home-first")


def or_work_twice(life: Life, monday: int) -> None:
    """Oregon: a second call to work in one business week."""
    own = life.debtor.numbers[0]
    life.call(monday, moment(life, 10), own, "no_answer")
    life.call(monday + 1, moment(life, 11), _work(life), "no_answer")
    life.call(monday + 2, moment(life, 10), own, "no_answer")
    second = life.call(monday + 3, moment(life, 11), _work(life), "no_answer")
    plant(life, second, "or_work_twice", "or-work-call-once-a-business-week")


def nh_work(life: Life, monday: int) -> None:
    """New Hampshire: a call to work although the consumer was reached at home, and a second in the month."""
    _talked_before(life, monday)
    first = life.call(monday + 1, moment(life, 11), _work(life), "no_answer")
    plant(life, first, "nh_work", "nh-workplace-call-home-first")
    second = life.call(monday + 3, moment(life, 11), _work(life), "no_answer")
    plant(life, second, "nh_work", "nh-workplace-call-once-a-month", "nh-workplace-call-home-first")


def nc_work_refused(life: Life, monday: int) -> None:
    """North Carolina: at work against the consumer's word."""
    life.learn(monday, 10 * HOUR, "place_inconvenient", place="work")
    contact = life.call(monday + 2, moment(life, 11), _work(life), quiet_outcome(life))
    plant(life, contact, "nc_work_refused", "nc-58-70-100-workplace", "us-regf-place-known-inconvenient")


def la_after_certified_mail(life: Life, monday: int) -> None:
    """Louisiana: after a certified letter four personal contacts; Regulation F allows none."""
    life.learn(monday, 9 * HOUR, "cease_requested", written="true", medium="letter", mail_class="certified")
    life.stopped = True
    for day in (0, 1, 2, 3, 4):
        contact = life.call(monday + day, moment(life, 13), life.debtor.numbers[0], "voicemail")
        rules = ("la-four-personal-contacts",) if day == 4 else ()
        also = (*WISHES, *(("la-four-personal-attempts",) if day == 4 else ()))
        plant(life, contact, "la_after_certified_mail", "us-regf-cease-communication", *rules, also=also)


def ga_instalment_lender(life: Life, monday: int) -> None:
    """Georgia: an instalment lender's debt after ten at night."""
    contact = life.call(monday + 1, 22 * HOUR + 600 + int(life.draw() * 1200), life.debtor.numbers[0], quiet_outcome(life))
    plant(life, contact, "ga_instalment_lender", "ga-7-3-33-hours", "us-regf-contact-hours")


def sc_early_or_late(life: Life, monday: int) -> None:
    """South Carolina: hours of a consumer credit transaction."""
    second = moment(life, 7) if life.draw() < 0.5 else EVENING + 300 + int(life.draw() * 2000)
    contact = life.call(monday + 1, second, life.debtor.numbers[0], quiet_outcome(life))
    plant(life, contact, "sc_early_or_late", "sc-hours", "us-regf-contact-hours")


def sc_twice_in_a_day(life: Life, monday: int) -> None:
    """South Carolina: more than one contact within a day."""
    life.call(monday + 1, moment(life, 10), life.debtor.numbers[0], quiet_outcome(life))
    second = life.call(monday + 1, moment(life, 16), life.debtor.numbers[0], quiet_outcome(life))
    plant(life, second, "sc_twice_in_a_day", "sc-frequent-within-a-day")


def sc_recorded_in_the_evening(life: Life, monday: int) -> None:
    """South Carolina: a recorded message after seven."""
    contact = life.call(monday + 1, moment(life, 19), life.debtor.numbers[0], "voicemail", dialing="prerecorded")
    plant(life, contact, "sc_recorded_in_the_evening", "sc-recorded-message-hours")


def tx_recorded_on_sunday(life: Life, monday: int) -> None:
    """Texas: a recorded call before noon on a Sunday."""
    contact = life.call(monday + _SUNDAY, moment(life, 10), life.debtor.numbers[0], "voicemail", dialing="prerecorded")
    plant(life, contact, "tx_recorded_on_sunday", "tx-adad-hours")


def nh_letter_to_work(life: Life, monday: int) -> None:
    """New Hampshire: a letter to work although the consumer can be located otherwise."""
    contact = life.letter(monday + 1)
    contact.address, contact.place = "Granite Works; 1 Mill Rd", "work"
    plant(life, contact, "nh_letter_to_work", "nh-workplace-letter-home-first")


def _talked_before(life: Life, monday: int) -> None:
    """A conversation at the consumer's own number, longer ago than Regulation F asks."""
    life.call(monday - 8, moment(life, 10), life.debtor.numbers[0], "conversation")


def _work(life: Life) -> Number:
    number = life.debtor.number_at("work")
    assert number is not None
    return number


def _in(
    jurisdiction: str, *, works: bool = False, kind: str = "", licence: str = "", number_given: bool | None = None
) -> Wanted:
    at = frozenset({jurisdiction})
    return Wanted(at, at_home=True, works=works, mobile_only=works, kind=kind, licence=licence, number_given=number_given)


STATE_KINDS: Final = (
    Kind("ma_third_call", ma_third_call, _in("MA"), weight=3),
    Kind("ma_third_by_text", ma_third_by_text, _in("MA"), frozenset({CALL, TEXT}), 1),
    Kind("ma_work_on_request", ma_work_on_request, _in("MA", works=True), weight=1),
    Kind("nyc_one_too_many", nyc_one_too_many, _in("NY-NYC"), weight=3),
    Kind("nyc_before_verification", nyc_before_verification, _in("NY-NYC"), weight=1),
    Kind("wa_fourth_in_a_week", wa_fourth_in_a_week, _in("WA"), weight=3),
    Kind("wa_second_at_work", wa_second_at_work, _in("WA", works=True), weight=1),
    Kind("dc_fifth_call", dc_fifth_call, _in("DC")),
    Kind("wv_at_the_hour", wv_at_the_hour, _in("WV"), weight=1),
    Kind("wv_thirty_first_call", wv_thirty_first_call, _in("WV"), weight=1),
    Kind("or_work_not_home_first", or_work_not_home_first, _in("OR", works=True), quiet_before=17),
    Kind("or_work_twice", or_work_twice, _in("OR", works=True), weight=1),
    Kind("nh_work", nh_work, _in("NH", works=True), quiet_before=17),
    Kind("nh_letter_to_work", nh_letter_to_work, _in("NH", works=True), frozenset({LETTER}), 1),
    Kind("nc_work_refused", nc_work_refused, _in("NC", works=True)),
    Kind("la_after_certified_mail", la_after_certified_mail, _in("LA"), weight=1),
    Kind("ga_instalment_lender", ga_instalment_lender, _in("GA", kind="other", licence="instalment_lender"), weight=1),
    Kind("sc_early_or_late", sc_early_or_late, _in("SC", kind="credit_card")),
    Kind("sc_twice_in_a_day", sc_twice_in_a_day, _in("SC", kind="credit_card"), weight=1),
    Kind("sc_recorded_in_the_evening", sc_recorded_in_the_evening, _in("SC", number_given=True), frozenset({CALL, DIALING}), 1),
    Kind("tx_recorded_on_sunday", tx_recorded_on_sunday, _in("TX", number_given=True), frozenset({CALL, DIALING}), 1),
)
