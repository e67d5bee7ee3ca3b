"""Columns for the fields of a model that a table does not declare, so that a fact the model gains can also be imported."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

from fdcpa_guard.facts.importers import columns as c
from fdcpa_guard.facts.importers.columns import Column
from fdcpa_guard.facts.models import Model
from fdcpa_guard.vocabulary import load_vocabulary

_SIMPLE: Final[dict[Any, tuple[str, c.Parse]]] = {
    str: ("text", c.text),
    bool: ("true or false", c.truth),
    int: ("number", c.whole_number),
    float: ("number", c.number),
    Decimal: ("money", c.money),
    date: ("date", c.day),
    datetime: ("instant", c.instant),
}


def remaining(
    model: type[Model], subject: str, declared: Iterable[Column], without: Iterable[str] = ()
) -> tuple[Column, ...]:
    """A column for each field of the model that no declared column fills; its meaning is the vocabulary's phrase."""
    filled = {column.fills for column in declared} | set(without)
    facts = load_vocabulary().facts
    columns = []
    for name, info in model.model_fields.items():
        alias = info.alias or name
        if alias in filled or name in filled:
            continue
        fact = facts.get(f"{subject}.{alias}")
        meaning = fact.phrase if fact is not None else alias.replace("_", " ")
        columns.append(_column(alias, meaning, info.annotation))
    return tuple(columns)


def _column(name: str, meaning: str, annotation: Any) -> Column:
    kinds = [part for part in _parts(annotation) if part is not NoneType]
    if len(kinds) == 1:
        kind = kinds[0]
        if kind in _SIMPLE:
            type_name, parse = _SIMPLE[kind]
            return Column(name, type_name, meaning, parse, repeats=type_name not in ("instant", "money", "number"))
        if get_origin(kind) is Literal:
            names = get_args(kind)
            return Column(name, "name", meaning, c.one_of(names), repeats=True, names=names)
        if get_origin(kind) is tuple and get_origin(get_args(kind)[0]) is Literal:
            names = get_args(get_args(kind)[0])
            return Column(
                name, "list", f"{meaning}; `none` where there is none", c.or_none(c.several_of(names)), repeats=True,
                names=names, or_none=True,
            )  # fmt: skip
        if kind == tuple[str, ...]:
            return Column(name, "list", meaning, c.listing, repeats=True)
    if set(kinds) == {date, datetime}:
        return Column(name, "instant or date", meaning, c.instant_or_day)
    return Column(name, "JSON", meaning, c.nested(annotation, f"{name} as in a scenario"))


def _parts(annotation: Any) -> list[Any]:
    """The plain types of an annotation, out of their unions and constraints."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _parts(get_args(annotation)[0])
    if origin in (Union, UnionType):
        return [part for inner in get_args(annotation) for part in _parts(inner)]
    if getattr(annotation, "__name__", "") == "AwareDatetime":
        return [datetime]
    return [annotation]
