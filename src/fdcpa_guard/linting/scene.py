"""The scenario in which a letter is judged: all that settings and stage say, without the words of the letter."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Final

from fdcpa_guard.facts.models import Address, Communication, Consumer, Debt, Event, HistoryEntry, Person, Scenario
from fdcpa_guard.linting.merging import FileSettings
from fdcpa_guard.linting.stages import NOTICE_DAYS, Stage

DEBT: Final = "debt"
_CONSUMER: Final = "consumer"
_CALENDAR_DAY_BEGINS_EARLY: Final = frozenset({"GU", "MP"})


def sent_at(settings: FileSettings) -> datetime:
    """The instant at which the letter is taken to be sent: by daylight in every zone of the state, on the day asked.

    No template says an hour, and rules about hours are not what it is judged by.
    """
    hour = time(2, 0) if settings.state in _CALENDAR_DAY_BEGINS_EARLY else time(19, 30)
    return datetime.combine(settings.on, hour, UTC)


def scenario_of(settings: FileSettings) -> Scenario:
    """The scenario, whose communication has neither `content` nor what it discloses and asserts: these the words say.

    What nobody has said stays absent, and so unknown. With a stage the log is closed: what it does not name did not happen.
    Without one there is no purpose, and nobody knows what went before.
    """
    stage = settings.of_stage
    at = sent_at(settings)
    return Scenario(
        collector=settings.collector,
        consumer=_consumer(settings),
        debts=(_debt(settings, stage),),
        events=() if stage is None else _events(settings, stage, at),
        history=_history(settings, at),
        log_complete=stage is not None,
        communication=Communication.model_validate(
            {
                "id": "letter",
                "at": at,
                "channel": settings.channel,
                "direction": "outbound",
                "person": Person.model_validate({"role": settings.role}),
                "debts": (DEBT,),
                "purpose": None if stage is None else stage.purpose,
                "language": settings.language,
            }
        ),
    )


def _consumer(settings: FileSettings) -> Consumer:
    home = () if settings.state is None else (Address(kind="home", state=settings.state, city=settings.city),)
    return Consumer(id=_CONSUMER, addresses=home, language=settings.language)


def _debt(settings: FileSettings, stage: Stage | None) -> Debt:
    on, said = settings.on, settings.debt
    fields = said.model_dump(exclude_unset=True, exclude={"id", "time_barred"})
    fields |= {"id": DEBT, "consumer": _CONSUMER}
    if said.limitations_ends is None:
        if said.time_barred is not None:
            fields["limitations_ends"] = on - timedelta(days=365) if said.time_barred else on + timedelta(days=365)
        elif stage is not None and stage.limitations_ended_days is not None:
            fields["limitations_ends"] = on - timedelta(days=stage.limitations_ended_days)
    if stage is not None:
        for name, days in (("judgment_at", stage.judgment_days), ("sued_at", stage.sued_days)):
            if days is not None and fields.get(name) is None:
                fields[name] = on - timedelta(days=days)
    return Debt.model_validate(fields)


def _history(settings: FileSettings, at: datetime) -> tuple[HistoryEntry, ...]:
    """The validation notice, where one went before: an entry of the log is the event that it was sent."""
    if settings.validation_period is None or settings.of_stage is None or settings.of_stage.notice is None:
        return ()
    notice = {
        "id": "validation-notice",
        "at": at - timedelta(days=NOTICE_DAYS[settings.validation_period]),
        "channel": "letter",
        "purpose": "validation_notice",
        "person": {"role": "consumer"},
        "debts": (DEBT,),
        "outcome": "delivered",
    }
    return (HistoryEntry.model_validate(notice),)


def _events(settings: FileSettings, stage: Stage, at: datetime) -> tuple[Event, ...]:
    found = []
    for before in stage.events:
        event: dict[str, object] = {
            "at": at - (timedelta(days=before.days) if before.days else timedelta(minutes=1)),
            "type": before.type,
            "debts": (DEBT,),
        }
        if before.written is not None:
            event["written"] = before.written
        if before.of_the_channel and settings.channel is not None:
            event["channel"] = settings.channel
        found.append(Event.model_validate(event))
    return tuple(found)
