"""Names held against those on file, and the languages of disclosures."""

from __future__ import annotations

import pytest

from fdcpa_guard.facts.naming import disclosed_in_its_languages, is_one_of, is_registered, is_shown

REGISTER = {"Kim Birch": "a17", "Lee Cedar": "a18", "Max Dale": "a17", "Pat Elm": "a17", "PAT ELM": "a18"}


class TestBusinessName:
    @pytest.mark.parametrize("name", ["Northmark Recovery LLC", "northmark recovery, llc"])
    def test_is_found_whatever_its_case_and_punctuation(self, name: str) -> None:
        assert is_one_of(name, ["Elm Bank", "Northmark Recovery LLC"]) is True

    def test_that_is_a_part_of_one_on_file_is_another(self) -> None:
        assert is_one_of("Northmark", ["Northmark Recovery LLC"]) is False

    def test_of_which_nothing_is_said_or_on_file_is_unknown(self) -> None:
        assert is_one_of(None, ["Northmark"]) is None
        assert is_one_of("Northmark", []) is None


class TestAssumedName:
    def test_leads_to_the_one_employee_who_may_use_it(self) -> None:
        assert is_registered("kim birch", "A17", REGISTER) is True
        assert is_registered("Kim Birch", None, REGISTER) is True

    def test_of_another_employee_or_of_nobody_does_not(self) -> None:
        assert is_registered("Kim Birch", "a18", REGISTER) is False
        assert is_registered("Ira Fir", None, REGISTER) is False

    def test_of_two_employees_leads_to_neither(self) -> None:
        """Comment 18(f)-1: one name for each employee that no other may use."""
        assert is_registered("Pat Elm", "a17", REGISTER) is False

    def test_without_a_register_is_unknown(self) -> None:
        assert is_registered("Kim Birch", "a17", None) is None
        assert is_registered(None, "a17", REGISTER) is None


class TestProfile:
    """Comment 18(d)-1.ii"""

    def test_shows_the_assumed_name_or_the_employees_own(self) -> None:
        assert is_shown("Kim Birch", "Kim Birch", "a17", ["Northmark"]) is True
        assert is_shown("Jo Ashe", None, "Jo Ashe", ["Northmark"]) is True

    def test_of_the_business_shows_no_individual(self) -> None:
        assert is_shown("Northmark", None, "a17", ["Northmark"]) is False

    def test_under_another_name_than_the_assumed_one_does_not_show_it(self) -> None:
        assert is_shown("Lee Cedar", "Kim Birch", "a17", []) is False

    def test_beside_a_number_of_the_employee_is_unknown(self) -> None:
        assert is_shown("Jo Ashe", None, "a17", ["Northmark"]) is None
        assert is_shown(None, "Kim Birch", "a17", []) is None


class TestLanguages:
    """12 CFR 1006.18(e)(4); comment 18(e)(4)-1"""

    def test_of_a_mixed_communication_all_have_the_disclosure(self) -> None:
        assert disclosed_in_its_languages(["en", "es"], ["es", "en"]) is True
        assert disclosed_in_its_languages(["en", "es"], ["en"]) is False

    def test_are_compared_without_their_region(self) -> None:
        assert disclosed_in_its_languages(["es-MX"], ["ES_us"]) is True

    def test_of_disclosures_are_taken_from_a_communication_in_english_alone(self) -> None:
        assert disclosed_in_its_languages(["en-US"], None) is True
        assert disclosed_in_its_languages(["es"], None) is None
        assert disclosed_in_its_languages(["en", "es"], None) is None

    def test_that_nobody_names_are_unknown(self) -> None:
        assert disclosed_in_its_languages(None, ["en"]) is None
