"""How an address was obtained, by the file: its basis, since when, and whether it came through earlier collectors."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from fdcpa_guard.facts import models
from fdcpa_guard.facts.bind import ConsumerFile
from fdcpa_guard.facts.entries import Entry
from fdcpa_guard.facts.provenance import Provenance, provenances
from fdcpa_guard.values import instant_of

OURS = {"name": "First Collections", "basis": "consumer_used", "used": True, "opted_out": False}


def _through(*collectors: dict[str, object], basis: str | None = None) -> bool | None:
    consumer = models.Consumer.model_validate(
        {"emails": [{"address": "pat@example.com", "basis": basis, "prior_collectors": collectors}]}
    )
    return provenances(consumer)["pat@example.com"].through_prior_collectors


class TestThroughPriorCollectors:
    """12 CFR 1006.6(d)(4)(iii)"""

    @pytest.mark.parametrize(
        ("said", "expected"),
        [
            ({}, True),
            ({"basis": "consumer_consented"}, True),
            ({"basis": "creditor_notice"}, True),
            ({"basis": "obtained_elsewhere"}, False),
            ({"basis": "prior_collector_used"}, False),
            ({"basis": None}, None),
            ({"used": False}, False),
            ({"used": None}, None),
            ({"opted_out": True}, False),
            ({"opted_out": None}, None),
            ({"basis": None, "opted_out": True}, False),
        ],
    )
    def test_of_one(self, said: dict[str, object], expected: bool | None) -> None:
        assert _through({**OURS, **said}) is expected

    def test_any_of_them_may_have_obtained_it_and_the_last_must_have_used_it(self) -> None:
        """Comment 6(d)(4)(iii)-2.ii"""
        later = {"name": "Second Collections", "basis": "obtained_elsewhere", "used": True, "opted_out": False}
        assert _through(OURS, later) is True
        assert _through(OURS, {**later, "used": False}) is False
        assert _through({**OURS, "basis": None}, later) is None

    def test_an_earlier_opt_out_is_none_from_the_last(self) -> None:
        later = {"name": "Second Collections", "basis": "creditor_notice", "used": True, "opted_out": False}
        assert _through({**OURS, "opted_out": True}, later) is True

    @pytest.mark.parametrize(
        ("basis", "expected"),
        [(None, None), ("prior_collector_used", None), ("obtained_elsewhere", False), ("consumer_used", False)],
    )
    def test_where_none_is_named_the_basis_says(self, basis: str | None, expected: bool | None) -> None:
        assert _through(basis=basis) is expected


class TestTheAddressUsed:
    def _file(self, *, zone: str | None) -> ConsumerFile:
        consumer = models.Consumer.model_validate(
            {
                "time_zones": [] if zone is None else [zone],
                "emails": [
                    {"address": "Pat@example.com", "place": "work", "basis": "consumer_used", "basis_at": "2026-04-01"}
                ],
            }
        )
        return ConsumerFile(consumer=consumer)

    def _email(self, address: str | None) -> Entry:
        said = models.Communication(at=datetime(2026, 4, 2, 15, tzinfo=UTC), channel="email", address=address)
        return Entry(said, of_log=False)

    def test_is_found_however_it_is_written(self) -> None:
        found = self._file(zone=None).provenance_of(self._email("pat@EXAMPLE.com"))
        assert found == Provenance("consumer_used", date(2026, 4, 1), False)

    @pytest.mark.parametrize("address", [None, "other@example.com"])
    def test_says_nothing_where_it_is_not_on_file(self, address: str | None) -> None:
        assert self._file(zone=None).provenance_of(self._email(address)) == Provenance()

    def test_a_date_begins_where_the_consumer_is(self) -> None:
        (world,) = self._file(zone="America/Denver").worlds(None)
        assert world.first_instant(date(2026, 4, 1)) == instant_of(datetime(2026, 4, 1, 6, tzinfo=UTC))

    def test_a_date_begins_nowhere_without_a_clock(self) -> None:
        (world,) = self._file(zone=None).worlds(None)
        assert world.first_instant(date(2026, 4, 1)) is None
        noon = datetime(2026, 4, 1, 12, tzinfo=UTC)
        assert world.first_instant(noon) == instant_of(noon)

    def test_a_date_is_over_when_the_next_one_begins_where_the_consumer_is(self) -> None:
        (world,) = self._file(zone="America/Denver").worlds(None)
        assert world.end_instant(date(2026, 4, 1)) == instant_of(datetime(2026, 4, 2, 6, tzinfo=UTC))
        noon = datetime(2026, 4, 1, 12, tzinfo=UTC)
        assert world.end_instant(noon) == instant_of(noon)
        assert world.end_instant(None) is None

    def test_a_date_is_over_nowhere_without_a_clock(self) -> None:
        (world,) = self._file(zone=None).worlds(None)
        assert world.end_instant(date(2026, 4, 1)) is None

    def test_days_from_the_notice_to_the_end_of_the_opt_out_are_those_of_the_consumer(self) -> None:
        (world,) = self._file(zone="America/Denver").worlds(None)
        assert world.days_between(date(2026, 1, 5), date(2026, 2, 9)) == 35
        assert world.days_between(datetime(2026, 1, 6, 4, tzinfo=UTC), date(2026, 2, 9)) == 35
        assert world.days_between(None, date(2026, 2, 9)) is None

    def test_days_of_an_instant_are_unknown_without_a_clock(self) -> None:
        (world,) = self._file(zone=None).worlds(None)
        assert world.days_between(datetime(2026, 1, 6, 4, tzinfo=UTC), date(2026, 2, 9)) is None

    def test_the_look_up_and_the_creditors_notice_are_what_the_file_says(self) -> None:
        consumer = models.Consumer.model_validate(
            {
                "phones": [{"number": "+15125550100", "checked_at": "2026-03-01"}],
                "emails": [
                    {"address": "pat@example.com", "basis": "creditor_notice", "basis_at": "2026-01-05", "domain_public": True,
                     "opt_out_ends": "2026-02-09", "creditor_use": "account", "creditor_told_to_stop": False,
                     "notice_discloses": ["opt_out_date"], "opt_out_to": "both"},
                ],
            }
        )  # fmt: skip
        found = provenances(consumer)
        assert found["+15125550100"].checked == date(2026, 3, 1)
        email = found["pat@example.com"]
        assert (email.domain_public, email.creditor_use, email.creditor_told_to_stop) == (True, "account", False)
        assert (email.notice_discloses, email.opt_out_to) == (("opt_out_date",), "both")
        assert email.opt_out_ends == date(2026, 2, 9)

    def test_work_email_is_on_file_only_where_the_file_says_so(self) -> None:
        assert self._file(zone=None).work_email_on_file
        unsaid = models.Consumer.model_validate({"emails": [{"address": "pat@example.com"}]})
        assert not ConsumerFile(consumer=unsaid).work_email_on_file
