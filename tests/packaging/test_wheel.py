"""What is built from the sources, and from the sources that are published, is whole: rules, and the rules as read."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
from pathlib import Path
from zipfile import ZipFile

import pytest

from fdcpa_guard.ruleset.rulebook import load_rulebook, shipped_rules

pytest.importorskip("hatchling", reason="builds packages")

ROOT = Path(__file__).parents[2]
BUILD = [sys.executable, "-m", "hatchling", "build"]


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The published sources, unpacked: a build there touches nothing here."""
    folder = tmp_path_factory.mktemp("published")
    subprocess.run([*BUILD, "--target", "sdist", "--directory", str(folder)], cwd=ROOT, check=True, capture_output=True)
    (archive,) = folder.glob("*.tar.gz")
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    (unpacked,) = (path for path in folder.iterdir() if path.is_dir())
    return unpacked


def wheel_of(sources: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*BUILD, "--target", "wheel", "--directory", str(folder)], cwd=sources, capture_output=True, text=True
    )


@pytest.fixture(scope="module")
def installed(sources: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, unpacked as an installation would."""
    folder = tmp_path_factory.mktemp("built")
    built = wheel_of(sources, folder)
    assert built.returncode == 0, built.stderr
    (wheel,) = folder.glob("*.whl")
    with ZipFile(wheel) as packed:
        packed.extractall(folder / "site")
    return folder / "site"


def test_all_rules_are_in_it(installed: Path) -> None:
    folder = installed / "fdcpa_guard" / "rules"
    assert load_rulebook([folder]).digest == load_rulebook().digest
    assert (folder / "federal").is_dir()


def test_none_of_them_is_read_at_the_first_check(installed: Path, tmp_path: Path) -> None:
    first = (
        "import sys\n"
        "from fdcpa_guard.ruleset.rulebook import load_rules_to_judge_by\n"
        "rulebook = load_rules_to_judge_by()\n"
        "assert all(path.is_file() for path in rulebook.paths.values())\n"
        "assert 'fdcpa_guard.ruleset.loading' not in sys.modules, 'rules were read'\n"
        "print(rulebook.digest)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(installed), "FDCPA_GUARD_CACHE": "off"}
    ran = subprocess.run([sys.executable, "-c", first], env=environment, cwd=tmp_path, capture_output=True, text=True)
    assert ran.stderr == ""
    assert ran.stdout.strip() == load_rulebook([shipped_rules()]).digest


def test_a_rule_that_cannot_be_read_stops_the_build(sources: Path, tmp_path: Path) -> None:
    wrong = sources / "rules" / "wrong.yaml"
    wrong.write_text("rule: us-wrong\n", encoding="utf-8")
    try:
        built = wheel_of(sources, tmp_path)
    finally:
        wrong.unlink()
    assert built.returncode != 0
    assert "wrong.yaml" in built.stderr
    assert not list(tmp_path.glob("*.whl"))
