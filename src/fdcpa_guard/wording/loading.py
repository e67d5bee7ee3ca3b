"""The lexicons and the notices below some folders of rules; a lexicon is read with the pieces of patterns beside and above it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from fdcpa_guard.errors import RuleError, RuleErrors, RuleShapeError
from fdcpa_guard.rulefile.documents import LEXICON_SUFFIX, NOTICE_SUFFIX, read_source
from fdcpa_guard.wording.lexicon import NO_PIECES, Lexicon, Pieces, read_lexicon, read_pieces
from fdcpa_guard.wording.notices import Notice, read_notice

PIECES_FILE: Final = "pieces" + LEXICON_SUFFIX


def load_lexicons(folders: Sequence[Path]) -> tuple[Lexicon, ...]:
    """Every lexicon below the folders, in the order of their names.

    Raises:
        RuleErrors: every mistake in every file.
    """
    errors: list[RuleError] = []
    found: dict[str, Lexicon] = {}
    for folder in folders:
        for lexicon in _below(folder, folder, NO_PIECES, errors):
            if lexicon.name in found:
                errors.append(RuleShapeError(f"the lexicon `{lexicon.name}` is in {found[lexicon.name].path} and in {lexicon.path}"))
            found[lexicon.name] = lexicon
    if errors:
        raise RuleErrors(errors)
    return tuple(found[name] for name in sorted(found))


def load_notices(folders: Sequence[Path]) -> tuple[Notice, ...]:
    """Every notice below the folders whose words the law gives, in the order of their ids.

    Raises:
        RuleErrors: every mistake in every file.
    """
    errors: list[RuleError] = []
    found: dict[str, Notice] = {}
    for folder in folders:
        for path in sorted(folder.rglob("*" + NOTICE_SUFFIX)):
            if any(part.startswith(".") for part in path.relative_to(folder).parts):
                continue
            notice, wrong = read_notice(read_source(path, _name(path, folder)))
            errors.extend(wrong)
            if notice is None:
                continue
            if notice.id in found:
                errors.append(RuleShapeError(f"the notice `{notice.id}` is in {found[notice.id].path} and in {notice.path}"))
            found[notice.id] = notice
    if errors:
        raise RuleErrors(errors)
    return tuple(found[name] for name in sorted(found))


def _below(folder: Path, root: Path, above: Pieces, errors: list[RuleError]) -> list[Lexicon]:
    pieces = above
    own = folder / PIECES_FILE
    if own.is_file():
        pieces, wrong = read_pieces(read_source(own, _name(own, root)), above)
        errors.extend(wrong)
    lexicons: list[Lexicon] = []
    for path in sorted(folder.iterdir(), key=lambda path: path.name):
        if path.name.startswith(".") or path == own:
            continue
        if path.is_dir():
            lexicons.extend(_below(path, root, pieces, errors))
        elif path.name.endswith(LEXICON_SUFFIX):
            lexicon, wrong = read_lexicon(read_source(path, _name(path, root)), pieces)
            errors.extend(wrong)
            if lexicon is not None:
                lexicons.append(lexicon)
    return lexicons


def _name(path: Path, root: Path) -> str:
    return (Path(root.name) / path.relative_to(root)).as_posix()


def errors_of_words(path: Path) -> list[RuleError]:
    """What is wrong with one file of pieces, lexicon or notice; a lexicon has the pieces beside and above it."""
    source = read_source(path)
    if path.name.endswith(NOTICE_SUFFIX):
        return read_notice(source)[1]
    pieces: Pieces = NO_PIECES
    for folder in reversed([path.parent, *path.parent.parents]):
        own = folder / PIECES_FILE
        if own.is_file() and own != path:
            pieces, _ = read_pieces(read_source(own), pieces)
    return read_pieces(source, pieces)[1] if path.name == PIECES_FILE else read_lexicon(source, pieces)[1]
