"""A language is one folder: no source names one. The simulator, which is free of the line, and
the operator's tools have folders of their own."""

import re
from pathlib import Path

import ivr
from ivr.base.bundled import bundled
from ivr.line.languages import load_prompts

PACKAGE = Path(ivr.__file__).parent
FOLDERS = (
    bundled("call_flows") / "languages",
    PACKAGE / "simulator" / "languages",
    PACKAGE / "operations" / "languages",
)
PAGE = '<html lang="en">'  # what the source itself is written in
NAMED = r"""(?<![\w.])["'`](?:{codes})["'`]|[{{,]\s*(?:{codes}):\s*["'`{{]"""


def _codes() -> set[str]:
    found = {path.name for folder in FOLDERS for path in folder.iterdir() if path.is_dir() and any(path.glob("*.yaml"))}
    assert found >= {"nb", "en", "nn", "se"}
    return found


def _named(text: str) -> list[str]:
    return re.findall(NAMED.format(codes="|".join(sorted(_codes()))), text.replace(PAGE, ""))


def test_no_source_names_a_language() -> None:
    sources = [path for path in PACKAGE.rglob("*") if path.suffix in (".py", ".js", ".html")]
    sources = [path for path in sources if "_bundled" not in path.parts]
    assert len(sources) > 300
    found = {str(path.relative_to(PACKAGE)): _named(path.read_text("utf-8")) for path in sources}
    assert {name: words for name, words in found.items() if words} == {}


def test_what_names_a_language_is_found() -> None:
    found = ('if code == "en":', "{'nb': 1}", 'names = { nb: "NO" };', "lang === `nn`", '<option value="nb">')
    assert [source for source in found if not _named(source)] == []


def test_the_codes_of_the_bundled_flow_are_those_of_its_folders() -> None:
    flow = (bundled("call_flows") / "legevakt.yaml").read_text("utf-8")
    listed = re.search(r"^languages: \[(.*)\]", flow, re.M)
    assert listed
    waiting = load_prompts(FOLDERS[0]).unfinished  # for their speaker
    assert set(listed[1].split(", ")) == {path.name for path in FOLDERS[0].iterdir()} - set(waiting)
