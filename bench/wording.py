"""What reading words takes, beside one bare pass of all patterns; and how well it reads, on the labelled set.

Patterns are written against the half `seen`; the half `unseen` is what the figures are taken from.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

import re2

from bench.timing import interleaved, table
from fdcpa_guard.ruleset.rulebook import shipped_rules
from fdcpa_guard.wording.loading import load_lexicons
from fdcpa_guard.wording.matching import Matcher, Mention
from fdcpa_guard.wording.plain import plain_text

sys.path.insert(0, str(Path(__file__).parent.parent))
from tests.wording.labelled import Half, Utterance, utterances

WORDS: Final = 80
ROUNDS: Final = 5


def messages(number: int) -> list[str]:
    """So many different messages of eighty words, each put together of utterances in an order of its own."""
    draw = random.Random(1977)
    spoken = [each.text.split() for each in utterances("seen")]
    found: dict[str, None] = {}
    while len(found) < number:
        words: list[str] = []
        while len(words) < WORDS:
            words += draw.choice(spoken)
        found[" ".join(words[:WORDS])] = None
    return list(found)


def main(number: int = 100_000) -> None:
    matcher = Matcher(load_lexicons([shipped_rules()]))
    texts = messages(number)
    plain = [plain_text(text).plain for text in texts]
    bare = _bare(matcher)
    taken = interleaved(
        {
            "a bare pass of all patterns": lambda: _each(bare.Match, plain),
            "what each message says": lambda: _each(matcher.mentions, texts),
        },
        ROUNDS,
    )
    sizes = dict.fromkeys(taken, number)
    print(table(f"Words: {number:,} messages, {len(matcher.patterns)} patterns", taken, sizes, "a bare pass of all patterns"))
    for half in ("seen", "unseen"):
        print(scores(matcher, half))


def _bare(matcher: Matcher) -> re2.Set:
    """All patterns in one automaton, as anybody would search for them."""
    options = re2.Options()
    options.max_mem = 256 << 20
    options.encoding = re2.Options.Encoding.LATIN1
    found = re2.Set.SearchSet(options)
    for pattern in matcher.patterns:
        found.Add(pattern.expression.encode("ascii"))
    found.Compile()
    return found


def _each(run: Callable[[object], object], of: Iterable[object]) -> None:
    for each in of:
        run(each)


def scores(matcher: Matcher, half: Half) -> str:
    """Precision and recall of what is surely asserted, and of what is disclosed, over all names of a half."""
    lines = [f"\n### The half `{half}`", "", "| | found rightly | found wrongly | missed | precision | recall |", "|---|---|---|---|---|---|"]
    for what in ("asserts", "discloses"):
        right, wrong, missed = counted(matcher, half, what)
        found = sum(right.values())
        lines.append(
            f"| {what} | {found} | {sum(wrong.values())} | {sum(missed.values())} | "
            f"{found / max(1, found + sum(wrong.values())):.3f} | {found / max(1, found + sum(missed.values())):.3f} |"
        )
    return "\n".join(lines)


def counted(matcher: Matcher, half: Half, what: str) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """By name: how often it is found rightly, found wrongly, and missed."""
    right: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    for utterance in utterances(half):
        found = said(matcher.mentions(utterance.text), discloses=what == "discloses") if utterance.speaker == "collector" else set()
        labels = utterance.asserts if what == "asserts" else utterance.discloses
        open_ = utterance.unjudged | (utterance.may_assert if what == "asserts" else frozenset())
        right.update(found & labels)
        wrong.update(found - labels - open_)
        missed.update(labels - found - utterance.unjudged)
    return right, wrong, missed


def said(mentions: Iterable[Mention], *, discloses: bool) -> set[str]:
    """The names that are surely said."""
    return {each.name for each in mentions if each.sure and each.discloses is discloses}


def misses(matcher: Matcher, half: Half) -> list[tuple[Utterance, set[str], set[str]]]:
    """Each utterance of which something is found wrongly or missed, with both."""
    told = []
    for utterance in utterances(half):
        found = said(matcher.mentions(utterance.text), discloses=False) if utterance.speaker == "collector" else set()
        wrong = found - utterance.asserts - utterance.may_assert - utterance.unjudged
        missed = set(utterance.asserts - found - utterance.unjudged)
        if wrong or missed:
            told.append((utterance, wrong, missed))
    return told


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
