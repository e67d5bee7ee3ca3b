"""What is known of a file: each layer, the layers over one another, and what is wrong in them at its place."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from fdcpa_guard.errors import FactsError, RuleErrors
from fdcpa_guard.linting.config import Configs, read_config
from fdcpa_guard.linting.findings import problems_of
from fdcpa_guard.linting.front_matter import read_front_matter
from fdcpa_guard.linting.merging import FileSettings, settings_of
from fdcpa_guard.linting.settings import SettingsText
from fdcpa_guard.source import SourceFile

TODAY = date(2026, 11, 27)


def said(**keys: object) -> SettingsText:
    return SettingsText.model_validate(keys)


def one(*layers: SettingsText, format: str = "text") -> FileSettings:
    (found,) = settings_of(format, [(f"layer {place}", layer) for place, layer in enumerate(layers)], TODAY)
    return found


class TestLayers:
    def test_a_nearer_layer_stands_over_a_further_one(self) -> None:
        found = one(said(stage="initial", channel="email"), said(stage="later"))
        assert (found.stage, found.channel) == ("later", "email")
        assert (found.said_by["stage"], found.said_by["channel"]) == ("layer 1", "layer 0")

    def test_tables_are_merged_key_by_key(self) -> None:
        found = one(
            said(collector={"kind": "debt_buyer", "names": ["Example Recovery"]}, debt={"amount": "100.00"}),
            said(collector={"kind": "creditor"}, debt_kind="medical"),
        )
        assert (found.collector.kind, found.collector.names) == ("creditor", ("Example Recovery",))
        assert (found.debt.kind, str(found.debt.amount)) == ("medical", "100.00")

    def test_null_takes_back_what_a_further_layer_says(self) -> None:
        assert one(said(stage="initial"), said(stage=None)).stage is None

    def test_a_letter_is_judged_for_each_state_that_is_named(self) -> None:
        found = settings_of("text", [("option", said(states=["tx", "NY-NYC"], city="Houston"))], TODAY)
        assert [(each.state, each.city, each.place) for each in found] == [
            ("TX", "Houston", "TX"),
            ("NY", "New York", "NY-NYC"),
        ]

    def test_the_day_is_that_of_the_caller_only_where_nothing_names_one(self) -> None:
        assert one().on == TODAY
        assert one().said_by["on"] == "default"
        assert one(said(on="2025-01-02")).on == date(2025, 1, 2)

    @pytest.mark.parametrize(("format", "channel"), [("eml", "email"), ("pdf", "letter"), ("html", None), ("text", None)])
    def test_a_format_that_goes_by_one_channel_says_which(self, format: str, channel: str | None) -> None:
        assert one(format=format).channel == channel
        assert one(said(channel="text"), format=format).channel == "text"

    def test_a_stage_says_the_role_unless_it_is_said(self) -> None:
        assert one(said(stage="location_information")).role == "third_party"
        assert one(said(stage="location_information", role="employer")).role == "employer"
        assert one().role == "consumer"


    def test_short_forms(self) -> None:
        found = settings_of("text", [("option", said(states="TX, MA", collector="debt_buyer"))], TODAY)
        assert [(each.state, each.collector.kind) for each in found] == [("TX", "debt_buyer"), ("MA", "debt_buyer")]


class TestRulesOnAndOff:
    def test_a_nearer_layer_switches_on_what_a_further_one_switches_off(self) -> None:
        found = one(said(rules={"off": ["us-regf-*"]}), said(rules={"on": "us-regf-model-form"}))
        assert not found.wants("us-regf-opt-out")
        assert found.wants("us-regf-model-form")
        assert found.wants("tx-anything")

    def test_only_those_that_are_named(self) -> None:
        found = one(said(rules={"only": ["tx-*"]}))
        assert (found.wants("tx-a"), found.wants("us-a")) == (True, False)

    def test_what_is_off_is_told(self) -> None:
        assert one(said(rules={"off": ["us-a", "tx-*"]})).switched_off == ("us-a", "tx-*")


def front(text: str) -> SettingsText | None:
    found = read_front_matter(SourceFile("letter.md", text))
    return None if found is None else found.settings


class TestFrontMatter:
    def test_keys_at_the_top(self) -> None:
        found = front("---\nstage: later\nstates: [TX, MA]\n---\nDear Dana\n")
        assert found is not None
        assert (found.stage, found.states) == ("later", ("TX", "MA"))

    def test_keys_under_a_name_of_their_own_beside_those_of_other_tools(self) -> None:
        found = front("---\ntitle: Reminder\nlayout: x\nfdcpa-guard:\n  stage: later\n---\n")
        assert found is not None
        assert found.stage == "later"

    @pytest.mark.parametrize("opening", ["{#", "<!--", "{{!--", "{{--", "{#-"])
    def test_in_a_comment_of_the_template(self, opening: str) -> None:
        found = front(f"{opening}\n---\nstage: later\n---\n")
        assert found is not None
        assert found.stage == "later"

    @pytest.mark.parametrize(
        "text",
        [
            "Dear Dana\n---\nstage: later\n---\n",
            "---\ntitle: Reminder\nstatus: draft\ntags: [a]\n---\n",
            "---\ntitle: &a Reminder\nother: *a\n---\n",
            "---\n\n---\n",
            "---\nstage: later\n",
            "---\n- a list\n---\n",
        ],
    )
    def test_what_is_no_front_matter_or_another_tools_says_nothing(self, text: str) -> None:
        assert front(text) is None

    @pytest.mark.parametrize(
        ("text", "line", "column", "message"),
        [
            ("---\nstage: latr\n---\n", 2, 8, "found `latr`; expected"),
            ("---\nchannel: letter\nstge: later\n---\n", 3, 1, "the key `stge` is unknown here"),
            ("---\nstge: later\n---\n", 2, 1, "the key `stge` is unknown here"),
            ("{#\r\n---\r\nstage: later\r\nstates:\r\n  - TX\r\n  - ZZ\r\n---\r\n#}\r\n", 6, 5, "found `ZZ`; expected the two"),
            ("---\nholes: {bal: curent_amount}\n---\n", 2, 14, "found `curent_amount`"),
            ("---\nstage: later\nstage: initial\n---\n", 3, 1, "the key `stage` is given twice"),
            ("---\nfdcpa-guard: later\n---\n", 2, 14, "found `later`; expected a mapping"),
            ("---\nfdcpa-guard:\n  stage: later\n  collector: {kind: bank}\n---\n", 4, 21, "found `bank`"),
            ("---\nstate: TX\nstates: [MA]\n---\n", 2, 1, "`state` or `states`, not both"),
        ],
    )
    def test_a_mistake_is_told_at_its_place(self, text: str, line: int, column: int, message: str) -> None:
        with pytest.raises(RuleErrors) as raised:
            front(text)
        (problem,) = problems_of(raised.value, "letter.md")
        assert (problem.line, problem.column) == (line, column)
        assert message in problem.message

    def test_all_mistakes_are_told_at_once(self) -> None:
        with pytest.raises(RuleErrors) as raised:
            front("---\nstage: latr\nchannel: pigeon\n---\n")
        assert len(raised.value.errors) == 2


def toml(folder: Path, text: str) -> Path:
    path = folder / "fdcpa-guard.toml"
    path.write_text(text, encoding="utf-8")
    return path


class TestConfiguration:
    def test_the_nearest_file_up_the_tree_counts(self, tmp_path: Path) -> None:
        toml(tmp_path, '[lint]\nstage = "initial"\n')
        near = tmp_path / "a" / "b"
        near.mkdir(parents=True)
        toml(tmp_path / "a", '[lint]\nstage = "later"\n')
        configs = Configs()
        found, other = configs.of(near / "letter.md"), configs.of(tmp_path / "letter.md")
        assert found is not None
        assert other is not None
        assert (found.text.lint.stage, other.text.lint.stage) == ("later", "initial")

    def test_patterns_choose_files_and_the_last_that_fits_is_the_nearest(self, tmp_path: Path) -> None:
        path = toml(
            tmp_path,
            '[lint]\nchannel = "letter"\n'
            '[[lint.files]]\nmatch = "*.html"\nchannel = "email"\nstage = "initial"\n'
            '[[lint.files]]\nmatch = ["/texas/**", "!/texas/old.html"]\nstates = "TX"\nstage = "later"\n',
        )
        config = read_config(path)

        def of(name: str) -> tuple[object, ...]:
            (found,) = settings_of("html", config.layers(tmp_path / name), TODAY)
            return found.channel, found.stage, found.state

        assert of("a.md") == ("letter", None, None)
        assert of("ohio/a.html") == ("email", "initial", None)
        assert of("texas/a.html") == ("email", "later", "TX")
        assert of("texas/old.html") == ("email", "initial", None)

    def test_a_day_and_an_amount_as_toml_writes_them(self, tmp_path: Path) -> None:
        config = read_config(toml(tmp_path, "[lint]\non = 2026-01-31\ndebt = {amount = 1200.10, time_barred = true}\n"))
        assert config.text.lint.on == date(2026, 1, 31)
        assert config.text.lint.debt is not None
        assert (str(config.text.lint.debt.amount), config.text.lint.debt.time_barred) == ("1200.1", True)

    @pytest.mark.parametrize(
        ("text", "told"),
        [
            ("[lint]\nstge = 'later'\n", "lint.stge: the key `stge` is unknown here\n  = hint: did you mean `stage`?"),
            ("[lint]\nstage = 'latr'\n", "lint.stage: found `latr`; expected `initial`"),
            ("[[lint.files]]\nstage = 'later'\n", "lint.files[0].match: `match` is missing"),
            ("[[lint.files]]\nmatch = '*'\n[lint.files.collector]\nkid = 'x'\n", "lint.files[0].collector.kid: the key `kid`"),
            ("[lint]\nstates = ['TX', 'ZZ']\n", "lint.states[1]: found `ZZ`; expected the two letters"),
            ("[lint]\nholes = {a = 'curent_amount'}\n", "lint.holes.a: found `curent_amount`; expected the name of an item"),
            ("[lint]\nstage = \n", "is not TOML: invalid value"),
            ("[other]\n", "other: the key `other` is unknown here"),
            ("[lint]\nwaivers = [{rule = 'a', name = '', reason = 'c'}]\n", "lint.waivers[0].name: found ``; "),
        ],
    )
    def test_a_mistake_is_told_with_its_key_path(self, tmp_path: Path, text: str, told: str) -> None:
        with pytest.raises(FactsError) as raised:
            read_config(toml(tmp_path, text))
        assert told in str(raised.value)
        assert "fdcpa-guard.toml" in str(raised.value)

    def test_all_mistakes_are_told_at_once(self, tmp_path: Path) -> None:
        with pytest.raises(FactsError) as raised:
            read_config(toml(tmp_path, "[lint]\nstge = 1\nchannel = 'pigeon'\n"))
        assert "stge" in str(raised.value)
        assert "pigeon" in str(raised.value)
