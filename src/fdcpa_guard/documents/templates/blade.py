"""Blade: `{{ $name }}`, `{!! $html !!}`, `{{-- comment --}}`, `@if (...)` and its other directives, and PHP itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from fdcpa_guard.documents.templates.tags import Finder, Kind, Scan, Tag, expression_end
from fdcpa_guard.documents.word_lists import words

_CONTROL: Final = words("""
    if endif unless endunless isset endisset switch endswitch break continue for endfor foreach endforeach forelse
    endforelse while endwhile auth endauth guest endguest can endcan cannot endcannot canany endcanany production
    endproduction env endenv hasSection sectionMissing session endsession error enderror once endonce push endpush pushOnce
    endPushOnce pushIf endPushIf prepend endprepend section endsection show stop append overwrite extends component
    endcomponent slot endslot props aware inject csrf method class style checked selected disabled readonly required
    fragment endfragment use vite verbatim endverbatim php endphp json js dd dump
    """)
_BRANCHES: Final = words("else elseif elsecan elsecannot elsecanany elseguest elseauth case default empty")
_CHOOSES: Final = words("""
    if unless isset empty switch for foreach forelse while auth guest can cannot canany production env hasSection sectionMissing
    session error once pushIf
    """)
"""What these enclose stands in some letters, or several times."""
_ELSEWHERE: Final = words(
    "include includeIf includeWhen includeUnless includeFirst each yield lang choice stack parent livewire"
)
"""Directives that put in text that is not here."""

_OPENS: Final = re.compile(
    r"@?\{\{--|@?\{\{|@?\{!!|<\?(?:php\b|=)|(?<![\w@.])@@?(?P<word>[A-Za-z]+)(?P<gap>[ \t]*\()?"
)


def scan_blade(scan: Scan) -> Iterator[Tag]:
    """The tags of a Blade template, in order. What `@php` and `<?php` enclose is code and is dropped."""
    text, finder, position = scan.text, Finder(scan.text), 0
    matching: Mapping[int, int] | None = None
    while opening := _OPENS.search(text, position):
        start, written = opening.start(), opening[0]
        position = opening.end()
        word = opening["word"]
        if word is None:
            if written.startswith("@"):
                # Written to be shown as it stands, without the sign.
                yield Tag(start, start + 1, Kind.DROPPED)
                stop = finder.next("}}" if written == "@{{" else "!!}" if written == "@{!!" else "--}}", position)
                position = position if stop < 0 else stop
                continue
            closing = {"{{--": "--}}", "{{": "}}", "{!!": "!!}"}.get(written, "?>")
            if written in {"{{", "{!!"}:
                stop = expression_end(text, finder, position, closing)
            else:
                stop = finder.next(closing, position)
            if stop < 0 and written == "<?php":
                # PHP lets a file end within code.
                yield Tag(start, len(text), Kind.COMMENT)
                return
            if stop < 0:
                scan.unclosed(start, written, closing)
                continue
            inner = text[position:stop]
            position = stop + len(closing)
            if written == "{{--":
                yield Tag(start, position, Kind.COMMENT, inner.strip())
            elif written == "<?php":
                yield Tag(start, position, Kind.DROPPED)
            else:
                yield Tag(start, position, Kind.HOLE, " ".join(inner.split("??")[0].split()).rstrip(";"))
            continue
        if written.startswith("@@"):
            if word in _CONTROL | _BRANCHES | _ELSEWHERE:
                yield Tag(start, start + 1, Kind.DROPPED)
            continue
        if word not in _CONTROL and word not in _BRANCHES and word not in _ELSEWHERE:
            position = opening.end("word")
            continue
        if word in {"verbatim", "php"} and opening["gap"] is None:
            end = f"@end{word}"
            stop = finder.next(end, position)
            if stop < 0:
                scan.unclosed(start, written, end)
                yield Tag(start, position, Kind.DROPPED)
                continue
            if word == "php":
                yield Tag(start, stop + len(end), Kind.DROPPED)
            else:
                yield Tag(start, position, Kind.DROPPED)
                yield Tag(stop, stop + len(end), Kind.DROPPED)
            position = stop + len(end)
            continue
        stop, arguments = opening.end("word"), ""
        if opening["gap"] is not None:
            if matching is None:
                matching = _matching(text)
            closed = matching.get(position - 1)
            if closed is None:
                scan.unclosed(start, written, ")")
                continue
            arguments = text[position:closed]
            stop = closed + 1
        position = stop
        if word in _ELSEWHERE:
            yield Tag(start, stop, Kind.HOLE, f"@{word}({' '.join(arguments.split())})" if arguments else f"@{word}")
        else:
            block = -1 if word.removeprefix("end") in _CHOOSES and word.startswith("end") else 0
            # Of a `@forelse` what is said of an empty list is a branch of it, and has no arguments; `@hasSection` ends as `@if`.
            if word in _CHOOSES and (word != "empty" or arguments):
                block = 1
            yield Tag(start, stop, Kind.APART if word in _BRANCHES else Kind.DROPPED, block=block)


def _matching(text: str) -> Mapping[int, int]:
    """For each opening parenthesis, the one that closes it; once for the whole text, so that time stays linear."""
    closed: dict[int, int] = {}
    waiting: list[int] = []
    for each in re.finditer(r"[()]", text):
        if each[0] == "(":
            waiting.append(each.start())
        elif waiting:
            closed[waiting.pop()] = each.start()
    return closed
