"""The catalogue: which rules are chosen, and the pages that are written."""

from __future__ import annotations

from pathlib import Path

from fdcpa_guard.review.catalogue import RuleFilter, chosen, index_of, topics_of, write_catalogue
from fdcpa_guard.review.sheet import sheet_of
from fdcpa_guard.ruleset.rulebook import Rulebook


def test_federal_rules_come_first(invented: Rulebook) -> None:
    ids = [rule.id for rule in chosen(invented, RuleFilter())]
    assert ids == ["us-notice-waits", "us-quiet-after-talk", "us-three-calls", "tx-hours", "tx-hours-weekend"]


def test_topics_follow_from_what_a_rule_reads(invented: Rulebook) -> None:
    assert topics_of(invented.by_id["tx-hours"]) == ["Time and place of contact"]
    assert "How often" in topics_of(invented.by_id["us-three-calls"])
    assert {"Deadlines and waiting", "What is said"} <= set(topics_of(invented.by_id["us-notice-waits"]))


def test_the_index_has_every_rule_under_its_jurisdiction_and_a_topic(invented: Rulebook) -> None:
    by_jurisdiction, by_topic = index_of(invented).split("## By topic")
    for rule in invented.rules:
        link = f"[{rule.title}]({rule.id}.md)"
        assert by_jurisdiction.count(link) == 1
        assert link in by_topic
    assert "### Texas (TX)" in by_jurisdiction
    assert "(99 CFR 7.2(a); recalled; until 2026-12-31)" in by_jurisdiction


def test_a_page_is_written_for_each_rule_and_old_ones_go(invented: Rulebook, tmp_path: Path) -> None:
    (tmp_path / "us-gone.md").write_text("of a rule that was", encoding="utf-8")
    written = write_catalogue(invented, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(path.name for path in written)
    assert written[0].name == "index.md"
    page = (tmp_path / "tx-hours.md").read_text(encoding="utf-8")
    assert page == sheet_of(invented.by_id["tx-hours"], invented)
