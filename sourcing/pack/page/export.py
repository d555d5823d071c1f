"""An executed notebook becomes one HTML file that opens without a network."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat

import sourcing
from sourcing.case import replacing
from sourcing.errors import PackError
from sourcing.pack.decision import MIME
from sourcing.pack.page.chart_block import IMAGE_TYPES, chart_block, image_block
from sourcing.pack.page.page import Section, failure_block, render_page, sanitize, strip_tags, text_block

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nbformat import NotebookNode

SECTION_TAGS = ("page", "fold")
"""Of a cell of text: the sections it opens are a page of the spine each, or evidence that is folded until asked for."""
HIDDEN_TAGS = frozenset({"hide", "parameters", "injected-parameters", "papermill-error-cell-tag"})
_CHART = re.compile(r"application/vnd\.vegalite\.v\d+\+json")
_HEADING = re.compile(r"<h([12])>(.*?)</h\1>", re.DOTALL)


def write_pack(
    notebook: NotebookNode | Path | str,
    path: Path | str,
    *,
    title: str | None = None,
    provenance: Mapping[str, str] | None = None,
) -> Path:
    """Write an executed notebook as one self-contained page.

    Code is left out, and cells tagged `hide` or `parameters` wholly; a heading tagged `page` opens a printed page, one
    tagged `fold` evidence that unfolds, and is printed only when asked for.
    Text and tables are sanitized, charts are drawn live with a static copy beside, and a failed cell shows as a box
    that says so. The file appears whole or not at all, and the same notebook gives the same bytes.

    Parameters
    ----------
    notebook : NotebookNode or path
        Executed; it is not altered.
    path : path
        The file to write; its folder is made where missing.
    title : str, optional
        By default `title` of the notebook's metadata, else its first heading of level 1.
    provenance : mapping of str to str, optional
        What the footer states besides the version of the suite, such as the fingerprint of the inputs.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    PackError
        The notebook cannot be read, or a chart or picture in it cannot be shown.
    """
    page = render_notebook(_open_notebook(notebook), title=title, provenance=provenance)
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    with replacing(target) as aside:
        aside.write_text(page, encoding="utf-8", newline="\n")
    return target


def render_notebook(
    notebook: NotebookNode, *, title: str | None = None, provenance: Mapping[str, str] | None = None
) -> str:
    """Return the page that `write_pack` writes."""
    leaf = _Leaf()
    for cell in notebook.cells:
        if not HIDDEN_TAGS.intersection(cell.metadata.get("tags", [])):
            leaf.add_cell(cell)
    name = title or str(notebook.metadata.get("title", "")) or leaf.headline or "Decision pack"
    return render_page(
        name,
        leaf.headline if leaf.headline != name else "",
        leaf.sections(),
        leaf.charts,
        {"Sourcing suite": sourcing.__version__, **(provenance or {})},
    )


class _Leaf:
    """Collects the page while the cells are read from top to bottom."""

    def __init__(self) -> None:
        from sourcing.pack.page.markdown import read_markdown, strip_ansi  # as dear to import as the rest of the pack

        self.headline = ""
        self.charts = 0
        self._parts: list[tuple[str, list[str], str]] = [("", [], "")]
        self._read, self._strip = read_markdown, strip_ansi

    def add_cell(self, cell: NotebookNode) -> None:
        if cell.cell_type == "markdown":
            kind = next((tag for tag in SECTION_TAGS if tag in cell.metadata.get("tags", [])), "")
            self._add_markdown(cell.source, kind)
        for output in cell.get("outputs", []):
            self._add_output(output)

    def sections(self) -> list[Section]:
        """Return the sections, each anchor unique."""
        taken: dict[str, int] = {}
        found = []
        for heading, blocks, kind in self._parts:
            stem = re.sub(r"[^a-z0-9]+", "-", heading.lower()).strip("-") or "part"
            taken[stem] = taken.get(stem, 0) + 1
            anchor = stem if taken[stem] == 1 else f"{stem}-{taken[stem]}"
            if heading or blocks:
                found.append(Section(heading, f"section-{anchor}", "\n".join(blocks), kind))
        return found

    def _add_markdown(self, text: str, kind: str = "") -> None:
        rest, heading = self._read(text), None
        while (heading := _HEADING.search(rest)) is not None:
            self._add(sanitize(rest[: heading.start()]))
            self._open_part(int(heading[1]), strip_tags(heading[2]), kind)
            rest = rest[heading.end() :]
        self._add(sanitize(rest))

    def _open_part(self, level: int, words: str, kind: str) -> None:
        if level == 1 and not self.headline:
            self.headline = words
        else:
            self._parts.append((words, [], kind))

    def _add_output(self, output: NotebookNode) -> None:
        if output.output_type == "stream":
            self._add_text(output.text, f"stream {output.name}")
        elif output.output_type == "error":
            self._add(failure_block(output.ename, self._strip(output.evalue)))
        else:
            self._add_shown(output.data)

    def _add_shown(self, shown: Mapping[str, Any]) -> None:
        """Add the richest form of one output."""
        words = str(shown.get("text/plain", ""))
        chart = max(filter(_CHART.fullmatch, shown), default=None)
        picture = next((kind for kind in IMAGE_TYPES if kind in shown), None)
        if MIME in shown:
            return
        if chart:
            self.charts += 1
            self._add(chart_block(shown[chart], self.charts))
        elif "text/html" in shown:
            self._add(sanitize(shown["text/html"]))
        elif "text/markdown" in shown:
            self._add_markdown(shown["text/markdown"])
        elif picture:
            self._add(image_block(picture, shown[picture], words))
        else:
            self._add_text(words, "text")

    def _add_text(self, text: str, kind: str) -> None:
        clean = self._strip(text).rstrip()
        if clean:
            self._add(text_block(clean, kind))

    def _add(self, block: str) -> None:
        if block.strip():
            self._parts[-1][1].append(block.strip())


def _open_notebook(notebook: NotebookNode | Path | str) -> NotebookNode:
    if isinstance(notebook, nbformat.NotebookNode):
        return notebook
    try:
        return nbformat.read(notebook, as_version=4)
    except (OSError, ValueError, AttributeError) as error:
        raise PackError(
            f"A pack is made from an executed notebook; got {type(error).__name__} at {Path(notebook).name}. "
            "Hint: run the notebook first."
        ) from error
