"""Violations of what federal law asks besides restraint in contacts, planted on purpose.

Notices and disputes, words, furnishing, payments, suits, bankruptcy, and the consent to calls and texts by machine.
"""

from __future__ import annotations

from typing import Final

from fdcpa_guard.simulate.clocks import HOUR, local_day
from fdcpa_guard.simulate.life import DESK, MORNING, Life
from fdcpa_guard.simulate.people import Wanted
from fdcpa_guard.simulate.planting import (
    CALL,
    DIALING,
    LETTER,
    PLAIN,
    TEXT,
    WISHES,
    WORDS,
    Kind,
    moment,
    plant,
    quiet_outcome,
)
from fdcpa_guard.simulate.wording import LETTER as A_LETTER
from fdcpa_guard.simulate.wording import MESSAGE, TALK, also_asserts, without

_PLACE: Final = Wanted(PLAIN, at_home=True)
_IN_THE_PERIOD: Final = 38
"""Days from the notice to the last Monday on which a whole week lies in its validation period."""
_A_BUSINESS_FORTNIGHT: Final = 17
"""Days that hold ten business days and a holiday, with those in between."""
_NO_SUCH_COURT: Final = "Honolulu, HI"


# --- notices and disputes -------------------------------------------------------------------------------------------------


def no_notice(life: Life, monday: int) -> None:
    """A conversation, and no validation notice after it."""
    life.call(monday, moment(life, 10), life.debtor.numbers[0], "conversation")
    _ends(life)
    plant(life, None, "no_notice", "us-regf-validation-information")


def notice_too_late(life: Life, monday: int) -> None:
    """A conversation, and the notice eight days after it."""
    life.call(monday, moment(life, 10), life.debtor.numbers[0], "conversation")
    life.notify(monday + 8)
    plant(life, None, "notice_too_late", "us-regf-validation-information")


def notice_ends_too_soon(life: Life, monday: int) -> None:
    """The notice ends its period on the thirtieth day after it was sent, and not after it was received."""
    notice = life.notify(monday)
    notice.more = {**notice.more, "period_ends": _date(life, monday + 30)}
    life.story.learnt[-1].said["period_ends"] = _date(life, monday + 30)
    plant(life, notice, "notice_ends_too_soon", "us-regf-notice-end-of-period")


def call_during_dispute(life: Life, monday: int) -> None:
    _disputes(life, monday, "true")
    contact = life.call(monday + 2, moment(life, 11), life.debtor.numbers[0], quiet_outcome(life))
    plant(life, contact, "collection_during_dispute", "us-regf-dispute-pause", also=WISHES)


def letter_during_dispute(life: Life, monday: int) -> None:
    _disputes(life, monday, "true")
    plant(life, life.letter(monday + 2), "collection_during_dispute", "us-regf-dispute-pause")


def collection_before_original_creditor(life: Life, monday: int) -> None:
    life.learn(monday, MORNING, "original_creditor_requested", written="true", medium="letter")
    _ends(life)
    contact = life.call(monday + 2, moment(life, 11), life.debtor.numbers[0], quiet_outcome(life))
    plant(life, contact, "collection_before_original_creditor", "us-regf-original-creditor-pause")


# --- words ----------------------------------------------------------------------------------------------------------------


def nothing_disclosed(life: Life, monday: int) -> None:
    """A conversation in which nobody says that it is from a debt collector."""
    talk = life.call(monday + 1, moment(life, 11), life.debtor.numbers[0], "conversation")
    for name in ("attempting_to_collect", "information_used", "from_debt_collector"):
        talk.more = without(talk.more or TALK, name)
    plant(life, talk, "nothing_disclosed", "us-regf-later-disclosure")


def no_way_out(life: Life, monday: int) -> None:
    """A text that does not say how to opt out."""
    sent = life.text(monday + 1, moment(life, 11))
    sent.content, _, _ = sent.content.partition(" Reply STOP")
    sent.more = without(MESSAGE, "opt_out_notice")
    plant(life, sent, "no_opt_out_notice", "us-regf-opt-out-notice")


def overshadows(life: Life, monday: int) -> None:
    """A letter that wants to be paid before the validation period is over."""
    letter = life.letter(monday + 1, says=also_asserts(A_LETTER, "demands_payment_in_validation_period"))
    plant(life, letter, "overshadowing", "us-regf-overshadowing")


def threatens_arrest(life: Life, monday: int) -> None:
    """For not paying, which is neither lawful nor meant."""
    says = also_asserts(A_LETTER, "threatens_arrest")
    letter = life.letter(monday + 1, says=says, lawful_threats="none", intended_threats="none")
    plant(life, letter, "threat_of_arrest", "us-regf-arrest-or-seizure")


# --- furnishing -----------------------------------------------------------------------------------------------------------


def furnished_too_early(life: Life, monday: int) -> None:
    """Before the consumer was told anything."""
    act = life.act(monday, "furnish", life.debts[:1], agency_kind="nationwide", negative="true", marked_disputed="false")
    _ends(life)
    plant(life, act, "furnished_too_early", "us-regf-furnishing-before-contact")


def furnished_without_mark(life: Life, monday: int) -> None:
    """As if the consumer had not disputed it."""
    _disputes(life, monday, "false")
    act = life.act(monday + 4, "furnish", life.debts[:1], agency_kind="nationwide", negative="true", marked_disputed="false")
    plant(life, act, "furnished_without_mark", "us-regf-credit-information", "us-fcra-dispute-flag")


# --- payments, sales and suits --------------------------------------------------------------------------------------------


def deposited_without_notice(life: Life, monday: int) -> None:
    """A cheque dated two weeks ahead, deposited on its date; nobody wrote before."""
    act = life.act(
        monday + 2, "deposit_payment", life.debts[:1], instrument="check", accepted_on=_date(life, monday - 12),
        instrument_date=_date(life, monday + 2), written_notice="false", amount="50.00",
    )  # fmt: skip
    plant(life, act, "deposited_without_notice", "us-regf-postdated-without-notice")


def deposited_too_early(life: Life, monday: int) -> None:
    """The notice was in time, the deposit three days before the date."""
    act = life.act(
        monday + 2, "deposit_payment", life.debts[:1], instrument="check", accepted_on=_date(life, monday - 12),
        instrument_date=_date(life, monday + 5), notice_sent_on=_date(life, monday - 6), written_notice="true", amount="50.00",
    )  # fmt: skip
    plant(life, act, "deposited_too_early", "us-regf-early-deposit")


def sold_when_paid(life: Life, monday: int) -> None:
    life.learn(monday, DESK, "paid")
    _ends(life)
    life.owed = False
    act = life.act(monday + 4, "sell_debt", life.debts[:1], transferee="buyer")
    plant(life, act, "sold_when_paid", "us-regf-sale-of-ended-debt")


def sued_too_late(life: Life, monday: int) -> None:
    court = f"{life.debtor.home.city}, {life.debtor.home.state}"
    act = life.act(monday + 1, "sue", life.debts[:1], venue=court, venue_of_residence=court)
    _ends(life)
    plant(life, act, "sued_too_late", "us-regf-time-barred-suit")


def sued_far_away(life: Life, monday: int) -> None:
    home = f"{life.debtor.home.city}, {life.debtor.home.state}"
    act = life.act(
        monday + 1, "sue", life.debts[:1], venue=_NO_SUCH_COURT, venue_of_residence=home, venue_of_contract=home
    )
    _ends(life)
    plant(life, act, "sued_far_away", "us-regf-venue-of-other-suits")


# --- bankruptcy, identity theft, and calls and texts by machine -----------------------------------------------------------


def call_after_bankruptcy(life: Life, monday: int) -> None:
    life.learn(monday, MORNING, "bankruptcy_filed", chapter="chapter_7")
    _ends(life)
    contact = life.call(monday + 2, moment(life, 11), life.debtor.numbers[0], quiet_outcome(life))
    plant(life, contact, "contact_after_bankruptcy", "us-bk-automatic-stay")


def creditor_not_told(life: Life, monday: int) -> None:
    """The consumer says that somebody else owes it, and is called before the creditor hears of that."""
    life.learn(monday, MORNING, "identity_theft_claimed", written="true", medium="letter")
    _ends(life)
    contact = life.call(monday + 2, moment(life, 11), life.debtor.numbers[0], quiet_outcome(life))
    plant(life, contact, "creditor_not_told", "us-fcra-identity-theft-creditor-told", also=WISHES)


def recorded_without_consent(life: Life, monday: int) -> None:
    """A recorded call to a mobile number that nobody gave, and without consent."""
    contact = life.call(monday + 1, moment(life, 13), life.debtor.numbers[0], "voicemail", dialing="prerecorded")
    plant(life, contact, "recorded_without_consent", "us-tcpa-mobile-calls")


def text_after_revocation(life: Life, monday: int) -> None:
    """The consumer takes back the consent to texts by machine; one follows when the ten business days are over."""
    number = life.debtor.numbers[0].number
    life.learn(monday - 3, DESK, "consent_given", to="text|autodialed", address=number, given_to="collector")
    life.learn(monday, DESK, "consent_revoked", to="text|autodialed", channel="text", scope_stated="true")
    life.refused.add("text")
    life.automatic = False
    sent = life.text(monday + _A_BUSINESS_FORTNIGHT, moment(life, 11))
    sent.dialing = "autodialed"
    also = ("us-tcpa-reassigned-safe-harbour", "us-tcpa-mobile-texts", "us-tcpa-list-dialled", *WISHES)
    plant(life, sent, "text_after_revocation", "us-tcpa-revocation", also=also)


def _disputes(life: Life, monday: int, written: str) -> None:
    """A dispute that nobody answers within the time of the life."""
    life.learn(monday, 10 * HOUR, "dispute_received", written=written, medium="letter" if written == "true" else "call")
    life.disputed.update(life.debts)
    _ends(life)


def _ends(life: Life) -> None:
    life.stopped = True
    life.reports = False


def _date(life: Life, day: int) -> str:
    return local_day(life.debtor.zone, day).text


_WORDS: Final = frozenset({CALL, WORDS})
_LETTERS: Final = frozenset({LETTER, WORDS})
_ACTS: Final[frozenset[str]] = frozenset()
_YOUNG: Final = Wanted(PLAIN, at_home=True, old=False)
_NEVER_GIVEN: Final = Wanted(PLAIN, at_home=True, number_given=False)

DUTY_KINDS: Final = (
    Kind("no_notice", no_notice, _PLACE, notified=False, days_after=10),
    Kind("notice_too_late", notice_too_late, _PLACE, notified=False, days_after=10),
    Kind("notice_ends_too_soon", notice_ends_too_soon, _PLACE, _LETTERS, 1, notified=False),
    Kind("call_during_dispute", call_during_dispute, _PLACE, until=_IN_THE_PERIOD),
    Kind("letter_during_dispute", letter_during_dispute, _PLACE, frozenset({LETTER}), 1, until=_IN_THE_PERIOD),
    Kind("collection_before_original_creditor", collection_before_original_creditor, _PLACE, weight=1, until=_IN_THE_PERIOD),
    Kind("nothing_disclosed", nothing_disclosed, _PLACE, _WORDS),
    Kind("no_way_out", no_way_out, _PLACE, frozenset({TEXT, WORDS}), 1),
    Kind("overshadows", overshadows, _PLACE, _LETTERS, until=_IN_THE_PERIOD),
    Kind("threatens_arrest", threatens_arrest, _PLACE, _LETTERS),
    Kind("furnished_too_early", furnished_too_early, _YOUNG, _ACTS, notified=False),
    Kind("furnished_without_mark", furnished_without_mark, _YOUNG, _ACTS),
    Kind("deposited_without_notice", deposited_without_notice, _PLACE, _ACTS),
    Kind("deposited_too_early", deposited_too_early, _PLACE, _ACTS, 1),
    Kind("sold_when_paid", sold_when_paid, _PLACE, _ACTS),
    Kind("sued_too_late", sued_too_late, Wanted(PLAIN, at_home=True, old=True), _ACTS),
    Kind("sued_far_away", sued_far_away, _YOUNG, _ACTS, 1),
    Kind("call_after_bankruptcy", call_after_bankruptcy, _PLACE),
    Kind("creditor_not_told", creditor_not_told, _PLACE, weight=1),
    Kind("recorded_without_consent", recorded_without_consent, _NEVER_GIVEN, frozenset({CALL, DIALING})),
    Kind("text_after_revocation", text_after_revocation, _NEVER_GIVEN, frozenset({TEXT, DIALING}), days_after=19,
         quiet_after=27),
)  # fmt: skip
