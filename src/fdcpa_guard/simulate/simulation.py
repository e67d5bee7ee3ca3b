"""A simulation from its parameters to its files. Nothing reads a clock, and one consumer's life is held at a time.

Each consumer has a generator of its own, made of the seed and the consumer's number: more consumers, or other kinds of
violations among them, never change those before.
"""

from __future__ import annotations

import random
from bisect import bisect
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from pathlib import Path
from typing import Final, Literal

import orjson

from fdcpa_guard.errors import FactsError
from fdcpa_guard.facts.importers.times import is_zone
from fdcpa_guard.simulate.canonical import CanonicalCsv, CanonicalJsonLines, CanonicalParquet
from fdcpa_guard.simulate.life import Life
from fdcpa_guard.simulate.lives import begin, live
from fdcpa_guard.simulate.people import Draw, make_debtor
from fdcpa_guard.simulate.places import Region, jurisdictions
from fdcpa_guard.simulate.planting import FEDERAL_KINDS, Kind
from fdcpa_guard.simulate.planting_duties import DUTY_KINDS
from fdcpa_guard.simulate.planting_states import STATE_KINDS
from fdcpa_guard.simulate.records import Act, LifeStory, Planted
from fdcpa_guard.simulate.tables import AccountsFile, ActionsFile, EventsFile
from fdcpa_guard.simulate.twilio import TwilioLog
from fdcpa_guard.simulate.vicidial import VicidialExport
from fdcpa_guard.simulate.writing import LogWriter, OutputFile

LogForm = Literal["canonical", "vicidial", "twilio"]
FileType = Literal["csv", "jsonl", "parquet", "tsv", "pages"]
FILE_TYPES: Final[dict[LogForm, tuple[FileType, ...]]] = {
    "canonical": ("csv", "jsonl", "parquet"),
    "vicidial": ("tsv",),
    "twilio": ("jsonl", "pages"),
}
DEFAULT_START: Final = date(2026, 3, 2)
DEFAULT_ZONE: Final = "America/New_York"
LEAST_WEEKS_TO_PLANT: Final = 4
COLLECTOR_KIND: Final = "third_party_collector"
KINDS: Final = (*FEDERAL_KINDS, *DUTY_KINDS, *STATE_KINDS)


@dataclass(frozen=True, slots=True)
class Parameters:
    """What a simulation is made of. `violations` is the share of consumers with one planted episode.

    `states`: the jurisdictions to live in, none for all. `zone`: the clock of the dialer's server, for exports that write
    times without one. `as_found`: with the faults of real exports (VICIdial).

    Raises:
        FactsError: a value is none of those that it may be.
    """

    consumers: int
    weeks: int = 6
    seed: int = 1
    form: LogForm = "canonical"
    file_type: FileType | None = None
    start: date = DEFAULT_START
    states: tuple[str, ...] = ()
    violations: float = 0.0
    zone: str = DEFAULT_ZONE
    compress: bool = False
    as_found: bool = False

    def __post_init__(self) -> None:
        if self.consumers < 1:
            raise FactsError(f"found {self.consumers}, expected at least one consumer", "consumers")
        least = LEAST_WEEKS_TO_PLANT if self.violations else 1
        if not least <= self.weeks <= 520:
            raise FactsError(f"found {self.weeks}, expected {least} to 520 weeks", "weeks")
        if not 0 <= self.violations <= 1:
            raise FactsError(f"found {self.violations}, expected a share from 0 to 1", "violations")
        if not date(2021, 12, 1) <= self.start <= date(2100, 1, 1):
            raise FactsError(f"found {self.start}, expected a day since Regulation F began, from 2021-12-01 on", "start")
        if self.file_type is not None and self.file_type not in FILE_TYPES[self.form]:
            expected = ", ".join(FILE_TYPES[self.form])
            raise FactsError(f"found `{self.file_type}`, expected one of {expected} for {self.form}", "file_type")
        if unknown := [state for state in self.states if state not in jurisdictions()]:
            raise FactsError(f"nobody lives in `{unknown[0]}`, expected one of {', '.join(jurisdictions())}", "states")
        if not is_zone(self.zone):
            raise FactsError(f"no time zone is called `{self.zone}`, expected an IANA name such as America/Chicago", "zone")
        if self.as_found and self.form != "vicidial":
            raise FactsError("the faults of real exports are made for vicidial alone", "as_found")


@dataclass(frozen=True, slots=True)
class Simulated:
    """What was written. `audit_options` are the log and the options with which the audit reads it, in the folder."""

    rows: int
    events: int
    actions: int
    planted: int
    files: tuple[str, ...]
    audit_options: tuple[str, ...]


class _Kinds:
    """The kinds that can be planted where the consumers live and that the log can say; drawn by weight."""

    def __init__(self, region: Region, says: frozenset[str], start: int, days: int) -> None:
        lived = frozenset(region.names)
        self._kinds = [
            kind
            for kind in KINDS
            if kind.needs <= says
            and (kind.wanted.where is None or kind.wanted.where & lived)
            and kind.mondays(start, start + days)
        ]
        self._sums = list(accumulate(kind.weight for kind in self._kinds))

    def __bool__(self) -> bool:
        return bool(self._kinds)

    def draw(self, number: float) -> Kind:
        return self._kinds[bisect(self._sums, number * self._sums[-1])]


def lives(parameters: Parameters, says: frozenset[str]) -> Iterator[LifeStory]:
    """Each consumer's life in turn; `says` is what the log can say of planted violations."""
    region = Region(parameters.states)
    start, days = parameters.start.toordinal(), parameters.weeks * 7
    kinds = _Kinds(region, says, start, days)
    if parameters.violations and not kinds:
        raise FactsError("no violation can be planted in these states and this form of log", "violations")
    for index in range(1, parameters.consumers + 1):
        draw = random.Random(f"{parameters.seed}/{index}").random
        # Drawn always, so that a life without a violation is the same at every rate.
        chance, choice = draw(), draw()
        if chance < parameters.violations:
            story = _planted(index, start, days, region, draw, kinds.draw(choice))
        else:
            debtor = make_debtor(index, start, region, draw)
            life = Life(debtor, start, days, draw)
            live(life, begin(life, start + int(draw() * 7)), life.end)
            story = life.story
        story.contacts.sort(key=lambda contact: (contact.day, contact.second))
        story.learnt.sort(key=lambda learnt: (learnt.day, learnt.second))
        story.acts.sort(key=lambda act: (act.day, act.second))
        yield story


def _planted(index: int, start: int, days: int, region: Region, draw: Draw, kind: Kind) -> LifeStory:
    debtor = make_debtor(index, start, region, draw, kind.wanted)
    life = Life(debtor, start, days, draw)
    life.eventful = False
    mondays = kind.mondays(start, life.end)
    monday = mondays[int(draw() * len(mondays))]
    if kind.notified:
        live(life, begin(life, start), monday - kind.quiet_before)
    kind.script(life, monday)
    life.eventful = True
    live(life, monday + kind.quiet_after, life.end)
    return life.story


def simulate(parameters: Parameters, out: Path) -> Simulated:
    """Write the log, accounts.csv, events.csv, actions.csv, truth.jsonl and simulation.json into a folder, made where it is not there.

    Raises:
        FactsError: no violation can be planted with these parameters.
        OSError: the folder cannot be written.
    """
    out.mkdir(parents=True, exist_ok=True)
    writer = _writer(parameters, out)
    accounts = AccountsFile(out, parameters.compress, writer.says)
    events = EventsFile(out, parameters.compress)
    actions = ActionsFile(out, parameters.compress)
    truth = OutputFile(out, "truth.jsonl", False)
    channels: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    rules: Counter[str] = Counter()
    left_out = 0
    for story in lives(parameters, writer.says):
        accounts.write(story)
        writer.write(story)
        given_in = {
            learnt.given_in.serial: writer.id_of(story, learnt.given_in)
            for learnt in story.learnt
            if learnt.given_in is not None and writer.carries(learnt.given_in)
        }
        events.write(story, given_in)
        actions.write(story)
        carried = [contact.channel for contact in story.contacts if writer.carries(contact)]
        channels.update(carried)
        left_out += len(story.contacts) - len(carried)
        for planted in story.planted:
            line = {
                "consumer_id": story.debtor.id,
                "communication": _id_of(writer, story, planted),
                "kind": planted.kind,
                "rules": planted.rules,
                "also": planted.also,
            }
            truth.write_bytes(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))
            kinds[planted.kind] += 1
            rules.update(planted.rules)
    for file in (writer, accounts, events, actions, truth):
        file.close()
    audit = (
        *writer.audit_options, "--accounts", accounts.name, "--events", events.name, "--actions", actions.name,
        "--collector-kind", COLLECTOR_KIND,
    )  # fmt: skip
    _write_about(out, parameters, audit, {
        "rows": writer.rows,
        "rows_by_channel": dict(sorted(channels.items())),
        "contacts_that_the_form_cannot_say": left_out,
        "events": events.rows,
        "actions": actions.rows,
        "planted": sum(kinds.values()),
        "planted_by_kind": dict(sorted(kinds.items())),
        "planted_by_rule": dict(sorted(rules.items())),
    })  # fmt: skip
    files = (writer.audit_options[0], accounts.name, events.name, actions.name, truth.name, "simulation.json")
    return Simulated(writer.rows, events.rows, actions.rows, sum(kinds.values()), files, audit)


def _id_of(writer: LogWriter, story: LifeStory, planted: Planted) -> str | None:
    """Of the communication or action; None of a deadline that passes."""
    match planted.contact:
        case None:
            return None
        case Act() as act:
            return ActionsFile.id_of(story, act)
        case contact:
            return writer.id_of(story, contact)


def _write_about(out: Path, parameters: Parameters, audit: Sequence[str], counts: dict[str, object]) -> None:
    about = {
        "parameters": {
            "consumers": parameters.consumers,
            "weeks": parameters.weeks,
            "seed": parameters.seed,
            "format": parameters.form,
            "file_type": parameters.file_type or FILE_TYPES[parameters.form][0],
            "start": parameters.start,
            "states": parameters.states or ("all",),
            "violations": parameters.violations,
            "zone": parameters.zone,
            "compress": parameters.compress,
            "as_found": parameters.as_found,
        },
        "collector_kind": COLLECTOR_KIND,
        "counts": counts,
        "audit": ["fdcpa-guard", "audit", *audit],
    }
    (out / "simulation.json").write_bytes(orjson.dumps(about, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))


def _writer(parameters: Parameters, out: Path) -> LogWriter:
    compress, file_type = parameters.compress, parameters.file_type
    if parameters.form == "vicidial":
        return VicidialExport(out, compress, parameters.zone, parameters.as_found)
    if parameters.form == "twilio":
        return TwilioLog(out, compress, file_type == "pages")
    if file_type == "jsonl":
        return CanonicalJsonLines(out, compress)
    if file_type == "parquet":
        return CanonicalParquet(out, compress)
    return CanonicalCsv(out, compress)
