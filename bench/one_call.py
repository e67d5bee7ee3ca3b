"""`check` of one call with 60 entries of history: all shipped rules, beside hand-written Python for some of them.

The hand-written function knows the 15 rules named in `BY_HAND` for calls to the consumer, one time zone a consumer and
nothing missing. It reads the same objects; both must find the same violations of these rules in every call before
anything is timed.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bench.timing import interleaved, percentiles, table
from fdcpa_guard import (
    Address,
    Collector,
    Communication,
    Consumer,
    ConsumerFile,
    Debt,
    Decision,
    Event,
    Person,
    Phone,
    load_rules,
)
from fdcpa_guard.engine.deciding import Guard
from fdcpa_guard.facts.entries import Entry

CONSUMERS = 200
CALLS = 2_000
HISTORY = 60
FIRST = datetime(2026, 3, 2, tzinfo=UTC)

_PLACES = [
    ("TX", "78701", "+15125550100", "America/Chicago"),
    ("MA", "02108", "+16175550100", "America/New_York"),
    ("WA", "98101", "+12065550100", "America/Los_Angeles"),
    ("FL", "33101", "+13055550100", "America/New_York"),
    ("OH", "43085", "+16145550100", "America/New_York"),
]
BY_HAND = frozenset(
    {
        "us-regf-contact-hours", "us-regf-time-known-inconvenient", "us-regf-workplace-prohibited",
        "us-regf-represented-by-attorney", "us-regf-cease-communication", "us-regf-medium-refused",
        "us-regf-third-parties", "us-regf-seven-in-seven", "us-regf-after-conversation",
        "ma-940cmr-two-in-seven-days", "ma-209cmr-two-in-seven-days", "ma-940cmr-normal-waking-hours",
        "ma-209cmr-hours", "wa-three-a-week", "fl-559-72-17-hours",
    }
)  # fmt: skip


# -- hand-written ----------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Known:
    """What a dialer has at hand of a consumer: the same objects that the engine is given."""

    state: str
    zone: ZoneInfo
    debts: dict[str, str] = field(default_factory=dict)
    """Debt to what it counts as: its group, else itself."""
    events: list[Event] = field(default_factory=list)
    history: list[Communication] = field(default_factory=list)


_EASTERN = ZoneInfo("America/New_York")
_UNREACHED = ("busy", "not_connected", "no_answer", "abandoned", "undeliverable")


def _minutes(text: str) -> int:
    hours, _, minutes = text.partition(":")
    return int(hours) * 60 + int(minutes)


def by_hand(call: Communication, known: Known) -> list[str]:
    """What a programmer writes who needs just these rules, with their commonest exceptions, for such calls."""
    found: list[str] = []
    state = known.state
    now = call.at
    local = now.astimezone(known.zone)
    minute = local.hour * 60 + local.minute
    today = local.date()
    consumer = call.person.role == "consumer"
    attorney = cease = employer = refused = inconvenient = convenient = time_consent = call_consent = court = False
    wrong: set[str] = set()
    for event in known.events:
        if event.at > now or (event.known_at or event.at) > now or (event.ends is not None and event.ends <= now):
            continue
        kind = event.type
        if kind == "attorney_represents":
            attorney = bool(event.contact_known)
        elif kind in ("attorney_unresponsive", "attorney_consents"):
            attorney = False
        elif kind in ("cease_requested", "refuses_to_pay"):
            cease = cease or bool(event.written)
        elif kind == "cease_withdrawn":
            cease = False
        elif kind == "employer_prohibits":
            employer = True
        elif kind == "employer_allows":
            employer = False
        elif kind in ("medium_refused", "medium_allowed"):
            if event.channel in (None, call.channel) and event.address in (None, call.address):
                refused = kind == "medium_refused"
        elif kind in ("time_inconvenient", "time_convenient"):
            start = 0 if event.from_ is None else _minutes(event.from_)
            stop = 1440 if event.to is None else _minutes(event.to)
            covers = start <= minute < stop if start < stop else minute >= start or minute < stop
            if covers and (event.days is None or _DAYS[today.weekday()] in event.days):
                inconvenient = kind == "time_inconvenient"
                convenient = not inconvenient and (event.from_ is not None or event.to is not None)
        elif kind == "consent_given":
            time_consent = time_consent or "contact_time" in event.to
            call_consent = call_consent or ("call" in event.to and (today - event.at.astimezone(known.zone).date()).days < 7)
        elif kind == "consent_revoked":
            time_consent = call_consent = False
        elif kind == "court_permission":
            court = True
        elif kind in ("wrong_number", "number_reassigned"):
            wrong.add(event.address)
    last = next((entry for entry in reversed(known.history) if entry.channel == call.channel and entry.at <= now), None)
    # Where the consumer wrote or called last in this medium, one answer may be lawful.
    answers = last is not None and last.direction != "outbound"
    # At an hour that does not suit, only to a message of that same stretch of time.
    at_once = answers and (now - last.at).total_seconds() < 43_200
    unanswered = answers and last.outcome not in ("conversation", "answered")
    if consumer and not court:
        if not time_consent and not at_once:
            if not convenient and (minute < 480 or minute > 1260 or (minute == 1260 and (local.second or local.microsecond))):
                found.append("us-regf-contact-hours")
                if state == "FL":
                    found.append("fl-559-72-17-hours")
            if inconvenient:
                found.append("us-regf-time-known-inconvenient")
        if state == "MA":
            eastern = now.astimezone(_EASTERN)
            at = eastern.hour * 60 + eastern.minute
            if inconvenient or at < 480 or at > 1260 or (at == 1260 and (eastern.second or eastern.microsecond)):
                found += ["ma-940cmr-normal-waking-hours", "ma-209cmr-hours"]
        if employer and call.place == "work":
            found.append("us-regf-workplace-prohibited")
        if attorney and not unanswered:
            found.append("us-regf-represented-by-attorney")
        if cease:
            found.append("us-regf-cease-communication")
        if refused and not answers:
            found.append("us-regf-medium-refused")
    elif not court:
        found.append("us-regf-third-parties")
    week_ago = today - timedelta(days=6)
    sunday = today - timedelta(days=(today.weekday() + 1) % 7)
    earliest = min(week_ago, sunday)
    calls = contacts = communications = 1
    spoken = False
    debt = known.debts.get(call.debts[0], call.debts[0])
    personal = call.place in ("personal", "home")
    for entry in reversed(known.history):
        day = entry.at.astimezone(known.zone).date()
        if day < earliest:
            break
        if (entry.known_at or entry.at) > now:
            continue
        talked_of = entry.debts_discussed if entry.debts_discussed is not None else entry.debts
        same_person = entry.person.role == call.person.role
        same_debt = same_person and any(known.debts.get(each, each) == debt for each in entry.debts)
        outcome = entry.outcome
        if day >= week_ago and entry.channel == "call" and outcome == "conversation" and entry.address not in wrong:
            spoken = spoken or (same_person and any(known.debts.get(each, each) == debt for each in talked_of))
        if entry.direction != "outbound":
            continue
        reached = outcome not in ("busy", "not_connected") and entry.address not in wrong
        if day >= week_ago and same_debt:
            if entry.channel == "call":
                calls += reached
            if entry.channel in ("call", "text") and entry.place in ("personal", "home"):
                left_nothing = outcome in ("no_answer", "busy", "not_connected", "abandoned") and (
                    entry.message_possible is False or (entry.message_possible is None and not reached)
                )
                contacts += not left_nothing
        if day >= sunday and entry.person.role in ("consumer", "spouse") and outcome not in _UNREACHED:
            communications += 1
    if not call_consent:
        if calls > 7:
            found.append("us-regf-seven-in-seven")
        if spoken:
            found.append("us-regf-after-conversation")
    if state == "MA" and consumer and personal and contacts > 2:
        found += ["ma-940cmr-two-in-seven-days", "ma-209cmr-two-in-seven-days"]
    if state == "WA" and consumer and communications > 3:
        found.append("wa-three-a-week")
    return found


_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


# -- the same for the engine ------------------------------------------------------------------------------------------------


def _world(source: random.Random, number: int) -> tuple[ConsumerFile, Known]:
    state, zip_code, phone, zone = _PLACES[number % len(_PLACES)]
    history: list[Communication] = []
    start = FIRST - timedelta(days=90)
    moments = sorted(source.uniform(0.3, 90) for _ in range(HISTORY))
    for index, day in enumerate(moments):
        at = start + timedelta(days=day)
        channel = source.choices(["call", "text", "email"], [80, 15, 5])[0]
        outcome = (
            source.choices(["no_answer", "voicemail", "busy", "not_connected", "conversation"], [55, 25, 8, 8, 4])[0]
            if channel == "call"
            else "delivered"
        )
        outbound = source.random() < 0.95
        address = phone if channel != "email" else "consumer@example.com"
        debts = ("d1",) if source.random() < 0.7 else ("d2",)
        history.append(
            Communication(
                id=f"h{number}-{index}", at=at, channel=channel, direction="outbound" if outbound else "inbound",
                person=Person(role="consumer"), address=address, place="personal", debts=debts, outcome=outcome,
                message_possible=outcome not in ("busy", "not_connected"), charges_recipient=False, dialing="manual",
            )
        )  # fmt: skip
    known = start + timedelta(days=1)
    events = [Event(at=start - timedelta(days=3), type="validation_notice_sent", medium="letter")]
    if source.random() < 0.04:
        events.append(Event(at=known, type="attorney_represents", attorney="A. Example", contact_known=True))
    if source.random() < 0.04:
        events.append(Event(at=known, type="cease_requested", written=True))
    if source.random() < 0.05:
        events.append(Event(at=known, type="employer_prohibits"))
    if source.random() < 0.04:
        events.append(Event(at=known, type="medium_refused", channel="call"))
    if source.random() < 0.15:
        events.append(Event.model_validate({"at": known, "type": "time_inconvenient", "from": "12:00", "to": "14:00"}))
    file = ConsumerFile(
        collector=Collector(kind="third_party_collector", licences={state: "1"}, attorney_in_own_name=False),
        consumer=Consumer(
            id=f"c{number}",
            addresses=(Address(kind="home", state=state, zip=zip_code),),
            phones=(Phone(number=phone, line="mobile", place="personal"),),
        ),
        debts=[Debt(id="d1", kind="credit_card", placed_at=date(2025, 11, 1)), Debt(id="d2", kind="medical")],
        events=events,
        history=history,
    )
    return file, Known(state, ZoneInfo(zone), {}, events, history)


def _call(source: random.Random, number: int) -> Communication:
    _, _, phone, zone = _PLACES[number % len(_PLACES)]
    local = datetime(2026, 3, 2, tzinfo=ZoneInfo(zone)) + timedelta(days=source.randrange(5))
    minute = source.randint(8 * 60 + 1, 20 * 60 + 59)
    if source.random() < 0.04:
        minute = source.choice([source.randint(360, 479), source.randint(1261, 1380)])
    at = local.replace(hour=minute // 60, minute=minute % 60, second=source.randrange(1, 60)).astimezone(UTC)
    role = "consumer" if source.random() < 0.98 else "third_party"
    return Communication(
        id="proposed", at=at, channel="call", direction="outbound", person=Person(role=role), address=phone,
        place="personal", debts=("d1",), dialing="manual", charges_recipient=False, message_possible=True,
    )  # fmt: skip


def _violated(decision: Decision) -> list[str]:
    return sorted(f.rule for f in decision.findings if f.status.value == "violated" and f.rule in BY_HAND)


def main(rounds: int = 7) -> None:
    guard = load_rules()
    source = random.Random(7)
    worlds = [_world(source, number) for number in range(CONSUMERS)]
    calls = [(number % CONSUMERS, _call(source, number)) for number in range(CALLS)]
    outcomes: dict[str, int] = {}
    different = 0
    for number, said in calls:
        decision = guard.check(said, worlds[number][0])
        outcomes[decision.decision.value] = outcomes.get(decision.decision.value, 0) + 1
        mine, theirs = _violated(decision), sorted(set(by_hand(said, worlds[number][1])))
        if mine != theirs:
            different += 1
            if different <= 3:
                print(said.at, worlds[number][1].state, mine, theirs)
    assert not different, f"{different} calls are judged differently"
    print(f"{len(guard.rules)} rules; {CALLS} calls, {HISTORY} entries each; decisions: {outcomes}")

    book = guard.rulebook
    alone = Guard(replace(book, rules=tuple(rule for rule in book.rules if rule.id in BY_HAND)))
    for _ in range(4):  # what is often asked is compiled by then
        for number, said in calls:
            guard.check(said, worlds[number][0])
            alone.check(said, worlds[number][0])
    bound = [Entry(said, of_log=False) for _, said in calls]

    def hand() -> None:
        for number, said in calls:
            by_hand(said, worlds[number][1])

    def check() -> None:
        for number, said in calls:
            guard.check(said, worlds[number][0])

    def same_rules() -> None:
        for number, said in calls:
            decision = alone.check(said, worlds[number][0])
            [(f.rule, f.cite, f.message) for f in decision.findings if f.status.value == "violated"]

    def with_reasons() -> None:
        for number, said in calls:
            decision = guard.check(said, worlds[number][0])
            [(f.rule, f.cite, f.message) for f in decision.findings if f.status.value == "violated"]

    def screened() -> None:
        for (number, _), entry in zip(calls, bound, strict=True):
            file = worlds[number][0]
            guard.flagged(entry, file, file.prior(entry))

    contenders = {
        "hand-written, 15 rules": hand,
        "check, the same 15 rules, reasons of what is violated": same_rules,
        "check, all rules": check,
        "check, all rules, reasons of what is violated": with_reasons,
        "which rules are violated or unknown": screened,
    }
    sizes = dict.fromkeys(contenders, CALLS)
    print(table("One call, 60 entries of history", interleaved(contenders, rounds), sizes, "hand-written, 15 rules"))
    p50, p99 = percentiles(lambda index: guard.check(calls[index % CALLS][1], worlds[calls[index % CALLS][0]][0]), 20_000)
    print(f"\ncheck: p50 {p50:.1f} µs, p99 {p99:.1f} µs")


if __name__ == "__main__":
    main()
