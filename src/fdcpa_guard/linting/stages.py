"""The stage at which a letter is sent: what its name says of the purpose and of what went before.

A template is sent many times, and a check of it knows no one consumer. What matters of the life of the debt is named by a
stage, and stands here in the terms of a scenario: purpose, events, entries of the log, and days of the debt.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

from fdcpa_guard.facts.names import EventType, Purpose, Role

StageName = Literal[
    "initial", "validation_notice", "later", "time_barred", "dispute_response", "cease_acknowledgement",
    "location_information", "opt_out_confirmation", "post_judgment",
]  # fmt: skip
ValidationPeriod = Literal["running", "over"]

NOTICE_DAYS: Final = {"running": 10, "over": 60}
"""Days since the validation notice was mailed. The validation period ends 30 days after it is received, and receipt is
assumed five business days after mailing (12 CFR 1006.34(b)(5)): after ten days it surely runs, after sixty it is surely over."""


@dataclass(frozen=True, slots=True)
class Before:
    """An event so many days before the letter; zero days: a minute before."""

    type: EventType
    days: int
    written: bool | None = None
    of_the_channel: bool = False
    """Whether it concerns the channel of the letter."""


@dataclass(frozen=True, slots=True)
class Stage:
    """What a stage says. `notice` is how the validation period stands, None where no notice was sent before."""

    says: str
    purpose: Purpose
    notice: ValidationPeriod | None = None
    events: tuple[Before, ...] = ()
    role: Role = "consumer"
    limitations_ended_days: int | None = None
    judgment_days: int | None = None
    sued_days: int | None = None


STAGES: Final[dict[str, Stage]] = {
    "initial": Stage("the first that is sent about the debt; nothing went before", "collection"),
    "validation_notice": Stage(
        "the validation notice, with the first communication or within five days of it; nothing is counted before it",
        "validation_notice",
    ),
    "later": Stage(
        "sent after the validation notice; the validation period is over, unless `validation_period` says that it runs",
        "collection",
        notice="over",
    ),
    "time_barred": Stage(
        "as `later`, about a debt whose time for suing ended a year before",
        "collection",
        notice="over",
        limitations_ended_days=365,
    ),
    "dispute_response": Stage(
        "the answer to a dispute in writing, which came within the validation period",
        "dispute_response",
        notice="running",
        events=(Before("dispute_received", 3, written=True),),
    ),
    "cease_acknowledgement": Stage(
        "after the consumer asked in writing that communication cease: that it ends, and what may still be told",
        "cease_acknowledgement",
        notice="over",
        events=(Before("cease_requested", 3, written=True),),
    ),
    "location_information": Stage(
        "asks another person where the consumer can be found", "location_information", role="third_party"
    ),
    "opt_out_confirmation": Stage(
        "confirms, at once, that the consumer has opted out of the channel",
        "opt_out_confirmation",
        notice="over",
        events=(Before("medium_refused", 0, of_the_channel=True),),
    ),
    "post_judgment": Stage(
        "after a judgment on the debt, which was entered a month before",
        "collection",
        notice="over",
        events=(Before("lawsuit_filed", 150), Before("judgment_entered", 30)),
        judgment_days=30,
        sued_days=150,
    ),
}
assert set(STAGES) == set(get_args(StageName))
