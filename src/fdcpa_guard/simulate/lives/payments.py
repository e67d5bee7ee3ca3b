"""Payments: at once, by instalments, by a postdated cheque, of all that is owed or of what was settled for."""

from __future__ import annotations

from typing import Final

from fdcpa_guard.simulate.clocks import local_day
from fdcpa_guard.simulate.life import DESK, Life
from fdcpa_guard.simulate.notices import money
from fdcpa_guard.simulate.people import pick
from fdcpa_guard.simulate.records import Contact
from fdcpa_guard.simulate.wording import CLOSING_LETTER, PLAIN_LETTER

_INSTALMENTS: Final = 3
_MONTH: Final = 30
_LETTER_BEFORE: Final = 8
"""Days from the letter that tells of a deposit to the deposit: five or six business days, four with a holiday."""


def promises(life: Life, talk: Contact, after: int) -> None:
    day = talk.day
    debt = _undisputed(life, talk)
    life.learn(day, after, "payment_promised", debt_ids=debt)
    turn = life.draw()
    if turn < 0.40:
        life.later(day + 7 + int(life.draw() * 5), lambda on: _pays(life, on, debt, 5000, "card"))
    elif turn < 0.55 and not life.has_a_plan:
        life.has_a_plan = True
        _plan(life, day, after, debt)
    elif turn < 0.70:
        _postdates(life, day, debt)
    elif turn < 0.80:
        _sends_a_cheque(life, day, debt)


def pays_all(life: Life, talk: Contact, after: int) -> None:
    """All debts are paid, or settled for less; a last letter says so, and nothing is collected or sold after it."""
    day = talk.day
    settles = life.draw() < 0.3
    if settles:
        life.learn(day, after, "settlement_agreed")
    life.learn(day, after, "settled" if settles else "paid")
    life.stopped = True
    life.owed = False
    # A payment for several debts goes to none that is disputed; those are paid one by one.
    together = sum(debt.id not in life.disputed for debt in life.debtor.debts) > 1
    for debt in life.debtor.debts:
        cents = debt.cents * 6 // 10 if settles else debt.cents
        life.act(
            day, "apply_payment", (debt.id,), second=after + 60, amount=money(cents), directed_to=debt.id, medium="card",
            for_several_debts="true" if together and debt.id not in life.disputed else "false",
        )  # fmt: skip

    def last_letter(on: int) -> None:
        if not life.reports:
            return
        life.letter(on, template="settled-1" if settles else "paid-1", says=CLOSING_LETTER)
        for debt in life.furnished:
            life.act(
                on, "furnish", (debt,), agency_kind="nationwide", negative="false",
                marked_disputed="true" if debt in life.disputed else "false", content="paid" if not settles else "settled",
            )  # fmt: skip

    life.later(day + 4, lambda on: life.when_there_is_room(on, last_letter))


def _undisputed(life: Life, talk: Contact) -> str:
    """The debt that a payment goes to, as the consumer directs: one that is not disputed, if there is one."""
    return next((debt for debt in (*talk.debts, *life.debts) if debt not in life.disputed), talk.debts[0])


def _pays(life: Life, day: int, debt: str, cents: int, medium: str) -> None:
    if life.owed and life.reports:
        life.learn(day, DESK, "payment_made", debt_ids=debt, amount=money(cents))
        life.act(
            day, "apply_payment", (debt,), second=DESK + 60, amount=money(cents), directed_to=debt, medium=medium,
            for_several_debts="false",
        )  # fmt: skip


def _plan(life: Life, day: int, after: int, debt: str) -> None:
    """Instalments from the consumer's bank account, authorised in writing; the consumer has a copy."""
    cents = pick(life.draw, (2500, 4000, 7500))
    life.learn(day, after, "payment_plan_agreed", debt_ids=debt, instalments=str(_INSTALMENTS), oral="false")

    def authorised(on: int) -> None:
        if not life.owed or not life.reports:
            return
        life.learn(
            on, DESK, "consent_given", debt_ids=debt, to="preauthorized_transfers", written="true", amount=money(cents),
            given_to="collector",
        )  # fmt: skip
        life.learn(on, DESK + 60, "notice_sent", debt_ids=debt, notice="transfer_authorization_copy", medium="letter")
        for number in range(_INSTALMENTS):
            life.later(on + 5 + _MONTH * number, transfer)

    def transfer(on: int) -> None:
        if life.owed and life.reports and not life.paused:
            life.act(
                on, "deposit_payment", (debt,), amount=money(cents), instrument="electronic_transfer", recurring="true",
                differs_from_authorized="false", accepted_on=_date(life, on), instrument_date=_date(life, on),
            )  # fmt: skip
            _pays(life, on, debt, cents, "electronic_transfer")

    life.later(day + 2, authorised)


def _sends_a_cheque(life: Life, day: int, debt: str) -> None:
    """A cheque of that day or a few days ahead, too few for a notice; it is deposited on its date."""
    cents = pick(life.draw, (5000, 10000, 15000))
    days = int(life.draw() * 4)

    def accept(on: int) -> None:
        if _may_be_deposited(life):
            life.act(
                on, "accept_payment", (debt,), instrument="check", accepted_on=_date(life, on),
                instrument_date=_date(life, on + days), amount=money(cents),
            )  # fmt: skip
            life.later(on + days, lambda then: deposit(then, on))

    def deposit(on: int, accepted: int) -> None:
        if _may_be_deposited(life):
            life.act(
                on, "deposit_payment", (debt,), instrument="check", accepted_on=_date(life, accepted),
                instrument_date=_date(life, accepted + days), amount=money(cents),
            )  # fmt: skip
            _pays(life, on, debt, cents, "check")

    life.later(day + 4, accept)


def _postdates(life: Life, day: int, debt: str) -> None:
    """A cheque dated two to four weeks ahead; a letter tells of the deposit in time, and it is not made before the date."""
    cents = pick(life.draw, (5000, 10000, 15000))
    accepted, dated = day + 3, day + 17 + int(life.draw() * 14)

    def tell(on: int) -> None:
        if not _may_be_deposited(life):
            return
        life.letter(on, template="deposit-1", says=PLAIN_LETTER)
        deposit_on = max(dated, on + _LETTER_BEFORE)
        deposit_on += deposit_on % 7 == 0
        life.later(deposit_on, lambda later: deposit(later, on))

    def deposit(on: int, told: int) -> None:
        if _may_be_deposited(life):
            life.act(
                on, "deposit_payment", (debt,), instrument="check", accepted_on=_date(life, accepted),
                instrument_date=_date(life, dated), notice_sent_on=_date(life, told), written_notice="true",
                amount=money(cents),
            )  # fmt: skip
            _pays(life, on, debt, cents, "check")

    life.later(max(accepted, dated - _LETTER_BEFORE - 1), lambda on: life.when_there_is_room(on, tell))


def _may_be_deposited(life: Life) -> bool:
    """A cheque that nobody may collect on any more is returned."""
    return life.owed and life.reports and not life.paused and not life.stopped


def _date(life: Life, day: int) -> str:
    return local_day(life.debtor.zone, day).text
