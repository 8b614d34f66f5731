"""New files while calls are under way: load, prove, then take them; or keep what there is and say why.

Knows the parts that are read from files and the checker.
"""

import hashlib
import logging
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import ivr
from ivr.base.bundled import bundled
from ivr.base.clock import Clock
from ivr.base.errors import Complaint, DefinitionError, SettingsError
from ivr.line.languages.files import files_read, language_files, languages_beside
from ivr.line.service.apart import apart
from ivr.line.service.bootstrap import Edition, flow_file, load_edition
from ivr.line.service.settings import Profile, Settings
from ivr.line.service.shelf import Shelf, contents
from ivr.proof import SUPPRESSIONS

_PACKAGE = Path(ivr.__file__).parent
_log = logging.getLogger("ivr.reload")

MOST_PROOFS = 16  # kept on disk, each with the warnings that were found
MOST_EDITIONS = 8  # kept in memory; a call is over long before its edition is the ninth newest
MOST_LOST = 0.05  # of the lines of a directory's file, or one line; who loses more is likelier cut off than edited


class Verdict(NamedTuple):
    """What was found of the files, in words that another process can hand on. `refused`: why they are not taken."""

    edition: str = ""
    findings: tuple[str, ...] = ()
    lines: Mapping[str, int] | None = None  # of each file of the directory
    refused: tuple[str, ...] = ()


class Editions:
    """The edition that takes new calls, and the former ones on which calls may still be.

    `refused`: why the last reload changed nothing; empty when it was taken.
    """

    def __init__(self, settings: Settings, clock: Clock) -> None:
        """Raises SettingsError or DefinitionError: without one good edition there is no service."""
        self._settings = settings
        self._clock = clock
        self._versions = _versions()
        self._shelf = Shelf(_folder(settings), self._made_by())
        self._lines: Mapping[str, int] = {}
        newest, verdict = self._proved()
        self._lines = verdict.lines or {}
        self.loaded: tuple[Edition, ...] = (newest,)
        self.refused: tuple[str, ...] = ()

    def reload(self) -> None:
        """Read the files again. Raises nothing: whatever is wrong with them, the calls go on."""
        self.take(self.judge())

    def judge(self) -> Verdict:
        """May the files that are there now be taken? Changes nothing here, so that another process can do it."""
        try:
            return self._proved(running=True)[1]
        except Exception as error:  # noqa: BLE001 - no file is worth the service that runs
            return Verdict(refused=tuple(str(error).splitlines()) or (type(error).__name__,))

    def take(self, verdict: Verdict) -> None:
        """Raises nothing."""
        self.refused = verdict.refused
        if verdict.refused or verdict.edition == self.loaded[0].engine.edition:
            return
        others = {each.engine.edition: each for each in self.loaded}
        newest = others.pop(verdict.edition, None) or self.find(verdict.edition)
        if newest is None:
            self.refused = ("the edition that was proved cannot be read again: is the disk full?",)
            return
        self._lines = verdict.lines or {}
        self.loaded = (replace(newest, findings=verdict.findings), *others.values())[:MOST_EDITIONS]

    def find(self, edition: str) -> Edition | None:
        """A former edition that this or another instance kept."""
        settings = self._settings
        found = self._shelf.find(edition, flow_file(settings).name)
        if found is None:
            return None
        try:
            kept = load_edition(replace(settings, flow=found[0], directory=found[1]), self._clock, running=True)
        except (SettingsError, DefinitionError, OSError) as error:
            _log.error("the edition %s that was kept is not taken: %s", edition, error)
            return None
        return kept if kept.engine.edition == edition else None

    def _proved(self, *, running: bool = False) -> tuple[Edition, Verdict]:
        """What the files say now, if they load and the checker finds no error in them."""
        files = self._files()
        lines = {file.name: content.count(b"\n") for file, content in files.items() if file.suffix == ".csv"}
        if cut := _cut_off(self._lines, lines):
            raise DefinitionError(cut)
        edition = load_edition(self._settings, self._clock, running=running)
        proof = self._proof(files)
        findings = _kept(proof) if proof is not None else None
        if findings is None:
            findings = self._prove(edition) if running else self._prove_apart(edition)
        if self._files() != files:
            raise SettingsError(["the files changed while they were being checked; reload again"])
        if proof is not None:
            _keep(proof, findings)
        name = edition.engine.edition
        try:
            self._shelf.keep(name, files, flow_file(self._settings))
        except OSError as error:
            _log.error("the edition %s is not kept, its calls will not survive a restart: %s", name, error)
        return replace(edition, findings=findings), Verdict(name, findings, lines)

    def _made_by(self) -> str:
        """What an edition that is kept depends on, beside its files."""
        settings = self._settings
        depends_on = (settings.profile, settings.practice_number, bool(settings.text_sender), self._versions)
        return hashlib.sha256(repr(depends_on).encode()).hexdigest()[:16]

    def _prove(self, edition: Edition) -> tuple[str, ...]:
        """The warnings, in words. Raises DefinitionError with the errors."""
        from ivr.proof.check import Severity  # noqa: PLC0415 - only the process that proves imports the checker
        from ivr.proof.check.run import check_flow, ground_of, lay_ground  # noqa: PLC0415
        from ivr.proof.check.suppress import file_beside, suppress  # noqa: PLC0415

        file, now = flow_file(self._settings), self._clock.now()
        if self._settings.profile is Profile.PRACTICE:  # its edition has no numbers of centres
            ground = lay_ground(self._settings.directory, now)
        else:
            ground = ground_of(edition.engine.directory, now)
        findings = suppress(check_flow(file, ground), file_beside(file))
        errors = [each for each in findings if each.severity is Severity.ERROR]
        if errors:
            raise DefinitionError(
                replace(each.complaint, message=f"{each.rule}: {each.complaint.message}") for each in errors
            )
        return tuple(str(each) for each in findings)

    def _prove_apart(self, edition: Edition) -> tuple[str, ...]:
        """The same, before there are workers: each would keep the 35 MB that a proof takes."""
        try:
            return apart(partial(self._prove, edition))
        except ChildProcessError as error:
            raise SettingsError([f"the flow could not be proved: {error}"]) from None

    def _files(self) -> dict[Path, bytes]:
        """All that are read, with what is in them: what was checked must be what was loaded."""
        file = flow_file(self._settings)
        folder = self._settings.directory or bundled("municipalities")
        languages = chain(*language_files(languages_beside(file)).values())
        files = contents((file, *file.parent.glob(SUPPRESSIONS), *languages, *folder.glob("*.csv")))
        return files | contents(each for each in files_read(file) if each not in files)

    def _proof(self, files: Mapping[Path, bytes]) -> Path | None:
        """Where it stands that just this was proved before; None for a line that strangers call, which is proved anew
        at each start.

        The name of the file is all that the verdict depends on: the files, the day (duty and opening hours are looked
        at from it on), every line of this package, and the versions of what it reads and writes with.
        """
        if self._settings.profile is not Profile.SIMULATOR:
            return None
        depends_on = "\0".join((_digest(files.items()), self._clock.now().date().isoformat(), *self._versions))
        cache = _cache()
        return cache and cache / "proofs" / hashlib.sha256(depends_on.encode()).hexdigest()


def _kept(proof: Path) -> tuple[str, ...] | None:
    """The warnings of a proof that was kept; None if there is none."""
    try:
        return tuple(proof.read_text("utf-8").splitlines())
    except OSError:
        return None


def _keep(proof: Path, findings: tuple[str, ...]) -> None:
    """A new file; proofs of other days and files go, and where nothing can be kept everything is proved again."""
    try:
        proof.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        for old in sorted(proof.parent.iterdir(), key=lambda each: each.stat().st_mtime)[:-MOST_PROOFS]:
            old.unlink(missing_ok=True)
        proof.write_text("".join(f"{each}\n" for each in findings), "utf-8")
    except OSError:
        return


def _cut_off(before: Mapping[str, int], now: Mapping[str, int]) -> list[Complaint]:
    """A file that lost its end on the way here may still be a good file, with fewer neighbours or postcodes."""
    return [
        Complaint(
            name,
            0,
            0,
            f"has {now[name]} lines where {lines} are loaded; it may be truncated. Restart the service to use it",
        )
        for name, lines in before.items()
        if lines - now.get(name, lines) > max(1, lines * MOST_LOST)
    ]


def _cache() -> Path | None:
    try:
        return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "ivr"
    except RuntimeError:  # a user without a home
        return None


def _folder(settings: Settings) -> Path | None:
    """Where editions are kept: instances of one user share it."""
    if settings.profile is Profile.SIMULATOR:
        cache = _cache()
        return cache and cache / "editions"
    try:
        state = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state")
    except RuntimeError:
        return None
    return state / "ivr-116117" / "editions"


def _versions() -> tuple[str, ...]:
    """Of what a proof was made with."""
    packages = ("pyyaml", "twilio", "tzdata", "holidays")
    return (_digest(_own_code()), sys.version, *(version(name) for name in packages))


def _own_code() -> Iterator[tuple[str, bytes]]:
    """Every file of this package, for each start: by names and not by `Path`, which takes three times as long."""
    for folder, inner, names in os.walk(_PACKAGE):
        inner.sort()
        for name in sorted(names):
            if name.endswith(".py"):
                file = os.path.join(folder, name)  # noqa: PTH118
                with open(file, "rb", buffering=0) as opened:  # noqa: PTH123
                    yield file, opened.read()


def _digest(contents: Iterable[tuple[Path | str, bytes]]) -> str:
    digest = hashlib.sha256()
    for file, content in contents:
        digest.update(str(file).encode() + b"\0" + content + b"\0")
    return digest.hexdigest()
