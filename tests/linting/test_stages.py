"""What each stage says, and that the scenario made of it is one in which nothing but the words can be wrong."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from tests.shipped import default_guard

from fdcpa_guard.engine.decision import Status
from fdcpa_guard.facts.actions import proposed
from fdcpa_guard.facts.bind import file_of
from fdcpa_guard.linting.merging import FileSettings, settings_of
from fdcpa_guard.linting.scene import scenario_of, sent_at
from fdcpa_guard.linting.settings import HOLE_ITEMS, STATES, SettingsText
from fdcpa_guard.linting.stages import STAGES

DAY = date(2026, 11, 25)
SOME_STATES = ("MT", "TX", "MA", "NY-NYC", "WA")


def settings(**said: object) -> tuple[FileSettings, ...]:
    said = {"collector": {"kind": "third_party_collector"}, **said}
    return settings_of("text", [("option", SettingsText.model_validate(said))], DAY)


@pytest.mark.parametrize("channel", ["letter", "email", "text"])
@pytest.mark.parametrize("stage", STAGES)
def test_without_words_nothing_is_violated(stage: str, channel: str) -> None:
    """Advice aside: that no safe harbour is on file a template cannot mend."""
    for each in settings(stage=stage, channel=channel, states=SOME_STATES):
        scenario = scenario_of(each)
        findings = default_guard().check(proposed(scenario), file_of(scenario)).findings
        violated = [f.rule for f in findings if f.status is Status.VIOLATED and f.effect != "advice"]
        # Whoever has opted out of letters is not to be written to, not even to confirm it.
        expected = ["us-regf-medium-refused"] if (stage, channel) == ("opt_out_confirmation", "letter") else []
        assert violated == expected, each.state


@pytest.mark.parametrize("state", STATES)
def test_it_is_sent_by_daylight_on_the_day_whose_law_is_asked(state: str) -> None:
    (found,) = settings(state=state)
    zones = {
        "HI": "Pacific/Honolulu", "AK": "America/Anchorage", "GU": "Pacific/Guam", "MP": "Pacific/Guam",
        "AS": "Pacific/Pago_Pago", "PR": "America/Puerto_Rico", "VI": "America/Puerto_Rico", "ME": "America/New_York",
    }  # fmt: skip
    local = sent_at(found).astimezone(ZoneInfo(zones.get(state, "America/Chicago")))
    assert (local.date(), 8 <= local.hour < 17) == (DAY, True)


class TestWhatAStageSays:
    def test_without_a_stage_there_is_no_purpose_and_nothing_went_before(self) -> None:
        (found,) = settings()
        scenario = scenario_of(found)
        assert scenario.communication is not None
        assert (scenario.communication.purpose, scenario.history, scenario.events) == (None, (), ())

    def test_a_later_letter_comes_after_the_validation_period(self) -> None:
        (found,) = settings(stage="later")
        (notice,) = scenario_of(found).history
        assert notice.purpose == "validation_notice"
        assert sent_at(found) - notice.at > timedelta(days=30 + 12)

    def test_unless_the_period_is_said_to_run(self) -> None:
        (found,) = settings(stage="later", validation_period="running")
        (notice,) = scenario_of(found).history
        assert sent_at(found) - notice.at < timedelta(days=30)

    def test_a_time_barred_debt_by_stage_or_by_what_is_said_of_it(self) -> None:
        for said in ({"stage": "time_barred"}, {"stage": "later", "debt": {"time_barred": True}}):
            (found,) = settings(**said)
            ends = scenario_of(found).debts[0].limitations_ends
            assert ends is not None
            assert ends < DAY
        (found,) = settings(stage="later", debt={"time_barred": False})
        ends = scenario_of(found).debts[0].limitations_ends
        assert ends is not None
        assert ends > DAY
        (found,) = settings(stage="later")
        assert scenario_of(found).debts[0].limitations_ends is None

    def test_a_day_that_is_said_stands_over_that_of_the_stage(self) -> None:
        (found,) = settings(stage="post_judgment", debt={"judgment_at": "2026-01-02", "amount": "500.00"})
        debt = scenario_of(found).debts[0]
        assert (debt.judgment_at, str(debt.amount)) == (date(2026, 1, 2), "500.00")

    def test_an_opt_out_is_of_the_channel(self) -> None:
        (found,) = settings(stage="opt_out_confirmation", channel="text")
        (event,) = scenario_of(found).events
        assert (event.type, event.channel) == ("medium_refused", "text")

    def test_a_city_with_law_of_its_own(self) -> None:
        (found,) = settings(state="NY-NYC", stage="later", channel="letter")
        (home,) = scenario_of(found).consumer.addresses
        assert (home.state, home.city) == ("NY", "New York")


def test_a_hole_supplies_what_a_notice_discloses_or_states() -> None:
    assert {"current_amount", "validation_period_end", "account_suffix"} <= set(HOLE_ITEMS)
    assert len(HOLE_ITEMS) == len(set(HOLE_ITEMS))
