"""Sphinx turns the Markdown pages of the repository into a site: `make docs`.

The pages stay plain Markdown, as a code host shows them. The links of docs/index.md are the site's table of contents.
"""

import re
from pathlib import PurePosixPath

from sphinx.application import Sphinx

project = "ivr-116117"
root_doc = "docs/index"
extensions = ["myst_parser"]
include_patterns = ["docs/*.md", "*.md", "findings/README.md", "municipalities/README.md", "examples/*/README.md"]
exclude_patterns = [".*", "build", "dist", "mutants", "ivr", "tests", "benchmarks"]
myst_heading_anchors = 4  # anchors as a code host makes them
html_theme = "alabaster"
html_theme_options = {"description": "A call router for 116 117", "page_width": "70rem", "sidebar_width": "15rem"}
html_extra_path = ["site"]  # index.html, which leads to docs/index.html
html_copy_source = False
html_use_index = False
html_show_search_summary = False  # it is fetched from the pages, which a browser refuses on disk
smartquotes = False
html_show_copyright = False

_SECTION = re.compile(r"^## (.+)$", re.MULTILINE)
_PAGE = re.compile(r"\]\(([^)#:]+)\.md\)")


def _contents(index: str) -> str:
    """A hidden table of contents for each section of the index: the pages to which it links, in its order."""
    _, *parts = _SECTION.split(index)
    trees = []
    for caption, text in zip(parts[::2], parts[1::2], strict=True):
        pages = "\n".join(f"/{_from_root(page)}" for page in _PAGE.findall(text))
        trees.append(f"```{{toctree}}\n:hidden:\n:caption: {caption}\n\n{pages}\n```\n")
    return "\n".join(trees)


def _from_root(link: str) -> PurePosixPath:
    """A link of docs/index.md, from the top of the repository."""
    return PurePosixPath(link[3:]) if link.startswith("../") else PurePosixPath("docs") / link


def _add_contents(_: Sphinx, page: str, source: list[str]) -> None:
    if page == root_doc:
        source[0] += "\n" + _contents(source[0])


def setup(app: Sphinx) -> None:
    """Sphinx calls this before it reads the pages."""
    app.connect("source-read", _add_contents)
