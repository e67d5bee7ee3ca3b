"""The names under which a collector and its employees appear, held against those on file, and languages among them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fdcpa_guard.facts.phrases import contains_phrase
from fdcpa_guard.facts.stated import is_same_account, is_same_name


def is_one_of(name: str | None, on_file: Sequence[str]) -> bool | None:
    """Whether a business name is one of the collector's, true or assumed; None where no name is said or on file."""
    return None if name is None or not on_file else any(is_same_name(name, one) for one in on_file)


def is_registered(alias: str | None, agent: str | None, register: Mapping[str, str] | None) -> bool | None:
    """Whether a register of assumed names gives the name to one employee, who is the one that speaks.

    None where no assumed name or no register is said. Where nobody says who speaks, it is enough that the register
    leads from the name to one employee.

    Source: 12 CFR 1006.18(f); comment 18(f)-1
    """
    if alias is None or register is None:
        return None
    holders = {_letters(employee) for name, employee in register.items() if is_same_name(name, alias)}
    return len(holders) == 1 and (agent is None or _letters(agent) in holders)


def is_shown(profile: str | None, alias: str | None, agent: str | None, business: Sequence[str]) -> bool | None:
    """Whether a profile shows the name of the individual who writes: the assumed name, or the employee's own.

    A business name is nobody's own. `agent` may be a number of the employee's, so that a profile that differs from it
    is unknown.

    Source: comment 18(d)-1.ii
    """
    if profile is None:
        return None
    if any(is_same_name(profile, one) for one in business):
        return False
    if is_same_name(profile, alias) or is_same_name(profile, agent):
        return True
    return None if alias is None else False


def disclosed_in_its_languages(languages: Sequence[str] | None, of_disclosures: Sequence[str] | None) -> bool | None:
    """Whether the disclosures are given in every language that a communication is in; regions apart, `es-MX` is `es`.

    None where its languages are not said. Where those of the disclosures are not said, a communication in English
    alone has them in English, and of any other it is unknown.

    Source: 12 CFR 1006.18(e)(4); comment 18(e)(4)-1
    """
    if languages is None:
        return None
    spoken = {_primary(tag) for tag in languages}
    if of_disclosures is None:
        return True if spoken == {"en"} else None
    return spoken <= {_primary(tag) for tag in of_disclosures}


def _primary(tag: str) -> str:
    return tag.replace("_", "-").partition("-")[0].casefold()


def _letters(name: str) -> str:
    return " ".join(name.casefold().split())


def identifies_debt(
    subject: str | None, creditor: str | None, original_creditor: str | None, account_suffix: str | None
) -> bool | None:
    """Whether a subject line names the current creditor and one more mark of the debt, other than the amount.

    The other marks on file are the end of the account number and an original creditor of another name. Where neither
    is in it, a store's brand, a date of sale or an address may be, which no file has: None, as where the subject line
    or the creditor is not said.

    Source: comment 42(a)(1)-1.i
    """
    if subject is None or creditor is None or not creditor.strip():
        return None
    if not contains_phrase(subject, creditor):
        return False
    other_name = original_creditor is not None and is_same_name(original_creditor, creditor) is False
    if other_name and contains_phrase(subject, original_creditor or ""):
        return True
    # A word of the subject line that is known to be the account, and not one that is merely its end.
    return True if any(is_same_account(word, account_suffix) and len(word) > 3 for word in subject.split()) else None
