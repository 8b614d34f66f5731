"""Files with one text replaced, in a copy or where they stand."""

from pathlib import Path


def damaged(source: Path, folder: Path, old: str, new: str) -> Path:
    text = source.read_text("utf-8")
    assert old in text, f"nothing to damage: {old!r} is not in {source.name}"
    folder.mkdir(exist_ok=True)
    target = folder / source.name
    target.write_text(text.replace(old, new, 1), "utf-8")
    return target


def replace_in(path: Path, old: str, new: str) -> None:
    damaged(path, path.parent, old, new)
