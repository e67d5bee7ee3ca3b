"""Where an engine and the definition disagree the run stops; what it leaves behind is a scenario that shows it."""

from __future__ import annotations

import json
from pathlib import Path

from fdcpa_guard.auditing.consumers import ConsumerLog
from fdcpa_guard.errors import BackendDisagreement
from fdcpa_guard.facts.entries import Entry
from fdcpa_guard.facts.importers.rows import LogAction, LogRow
from fdcpa_guard.facts.models import HistoryEntry, Person, Scenario
from fdcpa_guard.values import datetime_of


def reproduced(
    error: BackendDisagreement, log: ConsumerLog, row: LogRow | LogAction, judged: Entry, before: int
) -> BackendDisagreement:
    """The same error with the row's name, and the consumer's file up to it as a scenario document.

    `before` is how many entries of the log stand before what was judged.
    """
    where = f"row {row.row} of {row.file}" if row.file else "the end of the log"
    if isinstance(row, LogAction):
        communication, action = None, row.action
    else:
        said = row.communication
        # An entry of a consumer's log was with the consumer; of what is proposed that has to be said.
        person = said.person or Person(role="consumer")
        action = None
        communication = said.model_copy(
            update={"person": person, "at": datetime_of(judged.at), "id": judged.id, "debts": judged.debts}
        )
    scenario = Scenario(
        scenario=f"{error.rule} on {where}",
        collector=log.file.collector,
        consumer=log.file.consumer,
        debts=log.debts,
        events=log.events,
        history=tuple(
            HistoryEntry.model_validate(each.communication.model_dump(exclude_none=True, by_alias=True))
            for each in log.rows[:before]
        ),
        log_complete=log.file.log_complete,
        communication=communication,
        action=action,
    )
    text = json.dumps(scenario.model_dump(mode="json", exclude_none=True, by_alias=True), indent=1, sort_keys=True)
    return BackendDisagreement(error.rule, where, error.message, text + "\n")


def left_behind(error: BackendDisagreement, folder: Path) -> BackendDisagreement:
    """Writes the error's scenario into a folder, and says where."""
    if error.scenario is None:
        return error
    path = folder / f"disagreement-{error.rule}.json"
    path.write_text(error.scenario, encoding="utf-8")
    return BackendDisagreement(error.rule, error.row, f"{error.message}; {path} shows it", error.scenario)
