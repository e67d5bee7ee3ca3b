"""`fdcpa-guard audit --verify`: what is said of results that were written before."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import TYPE_CHECKING, Final

import typer

from fdcpa_guard.cli.screen import OutputFormat, Screen

if TYPE_CHECKING:
    from fdcpa_guard.auditing.checked import Checked
    from fdcpa_guard.auditing.evidence import Verification

EXIT_CODES: Final = {"same": 0, "different": 1, "unchecked": 3}
_SAYS: Final = {
    "same": "All that was checked is as it was written.",
    "different": "These are not the results as they were written, or not of these inputs.",
    "unchecked": "Nothing is other than it was written, as far as it could be checked; not all could be.",
}


def refuse_what_the_manifest_states(stated: Mapping[str, object]) -> None:
    """Raises a usage error where an option is given that a verification takes from the manifest, or has no use for."""
    for option, value in stated.items():
        if value is not None:
            why = "goes with --again" if option == "--rules" else "does not go with --verify: the manifest states how it was done"
            raise typer.BadParameter(why, param_hint=option)


def show(found: Verification, screen: Screen, format: OutputFormat) -> int:
    """Writes what was found, and gives the exit code."""
    if format is OutputFormat.JSON:
        from fdcpa_guard.auditing.output import as_json

        typer.get_binary_stream("stdout").write(as_json(found))
    else:
        _text(found, screen)
    return EXIT_CODES[found.verdict]


def _part(check: Checked) -> str:
    return {"manifest": "Results", "output": "Results", "again": "Audited again"}.get(check.kind, "Inputs")


def _text(found: Verification, screen: Screen) -> None:
    from rich.text import Text

    colours = {"same": "green", "different": "bold red", "unchecked": "yellow"}
    for part, checks in groupby(found.checks, key=_part):
        screen.say(Text(part, "bold"))
        for check in checks:
            name = f"{check.kind}: {check.name}" if part == "Inputs" else check.name
            said = ": ".join(each for each in (name, check.why) if each)
            screen.say(Text.assemble((f"  {check.verdict:<10}", colours[check.verdict]), said))
    if found.versions:
        screen.say(Text("Versions that differ", "bold"))
        for each in found.versions:
            screen.say(Text(f"  {each.name}: {each.then or 'none'} then, {each.now or 'none'} now"))
    if not found.again:
        screen.say(Text("The audit was not done again, so that nothing is said of whether its findings are right."))
    screen.say(Text(f"manifest sha256 {found.manifest_sha256}"))
    screen.say(Text(_SAYS[found.verdict], colours[found.verdict]))
