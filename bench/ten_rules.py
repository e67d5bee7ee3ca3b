"""Ten rules over flat records: this engine, hand-written Python, and other rule engines on the same records.

Each peer is fed the same records in its own form, made ahead of the clock, and must give the same answers. Peers that
are not installed are left out and named.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from importlib import import_module

from bench.timing import interleaved, table
from fdcpa_guard.engine.compiled.records import RecordRule, RecordRules
from fdcpa_guard.lang.check import read_condition
from fdcpa_guard.lang.core import Scope
from fdcpa_guard.lang.parse import plain_locator
from fdcpa_guard.lang.resolve import Names
from fdcpa_guard.values import MICROSECONDS
from fdcpa_guard.vocabulary import Vocabulary

STATES = ["AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DE", "FL", "GA", "HI", "ID", "IL", "IN", "IA", "KS", "KY", "LA", "ME", "MD", "MA", "MI", "MN", "MS", "MO", "MT", "NE", "NV", "NH", "NJ", "NM", "NY", "NC", "ND", "OH", "OK", "OR", "PA", "RI", "SC", "SD", "TN", "TX", "UT", "VT", "VA", "WA", "WV", "WI", "WY"]

VOCABULARY = Vocabulary.parse(
    """
sets:
  channel: [phone, sms, email, mail]
  recipient: [consumer, third_party]
  place: [home, mobile, work]
facts:
  record.channel: {type: name, names: channel, phrase: the channel, from: document}
  record.local_time: {type: clock_time, clock: consumer_local, phrase: the local time, from: document}
  record.calls_in_week: {type: number, phrase: the calls of the last week, from: document}
  record.days_since_conversation: {type: number, phrase: the days since a conversation, from: document}
  record.recipient: {type: name, names: recipient, phrase: the recipient, from: document}
  record.attorney_represents: {type: truth, phrase: an attorney represents the consumer, from: document}
  record.cease_requested: {type: truth, phrase: the consumer asked to cease, from: document}
  record.medium_refused: {type: truth, phrase: the medium is refused, from: document}
  record.place: {type: name, names: place, phrase: the place, from: document}
  record.employer_prohibits: {type: truth, phrase: the employer prohibits it, from: document}
  record.third_party_allowed: {type: truth, phrase: the third party may be contacted, from: document}
  record.state: {type: text, phrase: the state, from: document}
  record.phone_contacts_in_week: {type: number, phrase: the calls and texts of the last week, from: document}
  record.has_opt_out: {type: truth, phrase: it says how to opt out, from: document}
"""
)

TEN = {
    "quiet-hours": "record.channel in [phone, sms]"
    " and (record.local_time is before 8:00 a.m. or record.local_time is after 9:00 p.m.)",
    "seven-in-seven": "record.channel is phone and record.calls_in_week is at least 7",
    "seven-days-after": "record.channel is phone and record.days_since_conversation is less than 7",
    "attorney": "record.recipient is consumer and record.attorney_represents",
    "cease": "record.cease_requested",
    "medium": "record.medium_refused",
    "workplace": "record.place is work and record.employer_prohibits",
    "third-party": "record.recipient is third_party and not record.third_party_allowed",
    "ma-two-in-seven": 'record.state is "MA" and record.channel in [phone, sms]'
    " and record.phone_contacts_in_week is at least 2",
    "email-opt-out": "record.channel is email and not record.has_opt_out",
}
_EIGHT, _NINE = 8 * 3600 * MICROSECONDS, 21 * 3600 * MICROSECONDS


def record_rules(conditions: dict[str, str], grouped_by: str | None = "record.state") -> RecordRules:
    names = Names(VOCABULARY, Scope.COMMUNICATION, {}, (), {}, (), {})
    rules = [
        RecordRule(name, f"rule {name}", name.replace("-", " "), read_condition(text, plain_locator(text), names))
        for name, text in conditions.items()
    ]
    return RecordRules(rules, grouped_by)


def many(per_state: int) -> dict[str, str]:
    """The ten, and so many more for each state."""
    source = random.Random(1)
    rules = dict(TEN)
    for state in STATES:
        for number in range(per_state):
            channel = source.choice(["record.channel in [phone, sms]", "record.channel is phone", "record.channel is email"])
            opening, closing = source.choice([8, 9, 10]), source.choice([6, 7, 8])
            what = source.choice(
                [
                    f"record.phone_contacts_in_week is at least {source.randint(1, 4)}",
                    f"(record.local_time is before {opening}:00 a.m. or record.local_time is after {closing}:00 p.m.)",
                    f"record.calls_in_week is at least {source.randint(2, 6)}",
                    f"record.days_since_conversation is less than {source.randint(3, 14)}",
                    "(record.place is work and not record.third_party_allowed)",
                ]
            )
            rules[f"{state.lower()}-{number}"] = f'record.state is "{state}" and {channel} and {what}'
    return rules


def records(number: int, missing: float = 0.0) -> list[dict[str, object]]:
    """Records of a realistic mix: four in five break no rule."""
    source = random.Random(7)
    made: list[dict[str, object]] = []
    for _ in range(number):
        minute = int(min(1439, max(0, source.gauss(840, 190))))
        record: dict[str, object] = {
            "record.channel": source.choices(["phone", "sms", "email", "mail"], [60, 20, 15, 5])[0],
            "record.local_time": minute * 60 * MICROSECONDS,
            "record.calls_in_week": min(12, int(source.expovariate(0.45))),
            "record.days_since_conversation": source.choices(
                [source.randint(0, 6), source.randint(7, 120), 9999], [6, 54, 40]
            )[0],
            "record.recipient": source.choices(["consumer", "third_party"], [97, 3])[0],
            "record.attorney_represents": source.random() < 0.02,
            "record.cease_requested": source.random() < 0.02,
            "record.medium_refused": source.random() < 0.03,
            "record.place": source.choices(["home", "mobile", "work"], [30, 62, 8])[0],
            "record.employer_prohibits": source.random() < 0.15,
            "record.third_party_allowed": source.random() < 0.6,
            "record.state": source.choice(["CA", "TX", "FL", "NY", "PA", "IL", "OH", "GA", "NC", "MI", "MA", "WA", "NV", "DC"]),
            "record.phone_contacts_in_week": min(9, int(source.expovariate(0.6))),
            "record.has_opt_out": source.random() < 0.95,
            "debt_id": source.randrange(10**9),
            "agent": f"A{source.randrange(2000):04d}",
        }
        if missing:
            for name in VOCABULARY.facts:
                if source.random() < missing:
                    record[name] = None
        made.append(record)
    return made


def by_hand(record: dict[str, object]) -> list[str]:
    """The ten rules as a programmer would write them, with no thought of what may be missing."""
    found: list[str] = []
    channel = record["record.channel"]
    phone = channel == "phone"
    phone_or_text = phone or channel == "sms"
    if phone_or_text:
        time = record["record.local_time"]
        if time < _EIGHT or time > _NINE:
            found.append("quiet-hours")
    if phone:
        if record["record.calls_in_week"] >= 7:
            found.append("seven-in-seven")
        if record["record.days_since_conversation"] < 7:
            found.append("seven-days-after")
    if record["record.attorney_represents"] and record["record.recipient"] == "consumer":
        found.append("attorney")
    if record["record.cease_requested"]:
        found.append("cease")
    if record["record.medium_refused"]:
        found.append("medium")
    if record["record.place"] == "work" and record["record.employer_prohibits"]:
        found.append("workplace")
    if record["record.recipient"] == "third_party" and not record["record.third_party_allowed"]:
        found.append("third-party")
    if phone_or_text and record["record.state"] == "MA" and record["record.phone_contacts_in_week"] >= 2:
        found.append("ma-two-in-seven")
    if channel == "email" and not record["record.has_opt_out"]:
        found.append("email-opt-out")
    return found


_SHORT = {
    "channel": "record.channel", "local_time": "record.local_time", "calls": "record.calls_in_week",
    "since": "record.days_since_conversation", "recipient": "record.recipient",
    "attorney": "record.attorney_represents", "cease": "record.cease_requested", "medium": "record.medium_refused",
    "place": "record.place", "employer": "record.employer_prohibits", "allowed": "record.third_party_allowed",
    "state": "record.state", "contacts": "record.phone_contacts_in_week", "opt_out": "record.has_opt_out",
}  # fmt: skip
_EXPRESSIONS = {
    "quiet-hours": f"channel in ['phone', 'sms'] and (local_time < {_EIGHT} or local_time > {_NINE})",
    "seven-in-seven": "channel == 'phone' and calls >= 7",
    "seven-days-after": "channel == 'phone' and since < 7",
    "attorney": "recipient == 'consumer' and attorney",
    "cease": "cease",
    "medium": "medium",
    "workplace": "place == 'work' and employer",
    "third-party": "recipient == 'third_party' and not allowed",
    "ma-two-in-seven": "channel in ['phone', 'sms'] and state == 'MA' and contacts >= 2",
    "email-opt-out": "channel == 'email' and not opt_out",
}
Judge = Callable[[dict[str, object]], Iterable[str]]


def _zen() -> Judge:
    zen = import_module("zen")
    parts = ", ".join(f"({text}) ? '{name}' : ''" for name, text in _EXPRESSIONS.items())
    compiled = zen.compile_expression(f"filter([{parts}], # != '')")
    return compiled.evaluate


def _cel() -> Judge:
    cel = import_module("cel")
    texts = {name: text.replace(" and ", " && ").replace(" or ", " || ").replace("not ", "!") for name, text in _EXPRESSIONS.items()}
    programs = [(name, cel.compile(text)) for name, text in texts.items()]
    return lambda record: [name for name, program in programs if program.execute(record)]


def _rule_engine() -> Judge:
    engine = import_module("rule_engine")
    rules = [(name, engine.Rule(text)) for name, text in _EXPRESSIONS.items()]
    return lambda record: [name for name, rule in rules if rule.matches(record)]


PEERS: dict[str, Callable[[], Judge]] = {
    "zen-engine, one expression": _zen,
    "common-expression-language (Rust)": _cel,
    "rule-engine": _rule_engine,
}


def main(rounds: int = 7) -> None:
    full = records(10_000)
    lacking = records(10_000, missing=0.03)
    ten = record_rules(TEN)
    expected = [sorted(by_hand(record)) for record in full]
    assert [sorted(ten.judge(record)[0]) for record in full] == expected

    contenders: dict[str, Callable[[], None]] = {
        "hand-written, two-valued": _over(by_hand, full),
        "fdcpa-guard, ids": _over(ten.judge, full),
        "fdcpa-guard, decision object": _over(ten.decide, full),
        "fdcpa-guard, decision and reasons": _over(lambda record: ten.decide(record).reasons(), full),
        "fdcpa-guard, 3 % of facts missing": _over(ten.judge, lacking),
    }
    for number in (4, 20):
        rules = record_rules(many(number))
        contenders[f"fdcpa-guard, {len(rules.rules)} rules"] = _over(rules.judge, full)
    left_out = []
    short = [{name: record[fact] for name, fact in _SHORT.items()} for record in full[:1000]]
    for name, build in PEERS.items():
        try:
            judge = build()
        except ImportError:
            left_out.append(name)
            continue
        assert [sorted(judge(record)) for record in short[:300]] == expected[:300], name
        contenders[name] = _over(judge, short)
    sizes = {name: len(short) if name in PEERS else len(full) for name in contenders}
    print(table("Ten rules over flat records", interleaved(contenders, rounds), sizes, "hand-written, two-valued"))
    if left_out:
        print(f"not installed: {', '.join(left_out)}")


def _over(judge: Callable[[dict[str, object]], object], given: list[dict[str, object]]) -> Callable[[], None]:
    def run() -> None:
        for record in given:
            judge(record)

    return run


if __name__ == "__main__":
    main()
