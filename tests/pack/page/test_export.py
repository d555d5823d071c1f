import base64
import re
from pathlib import Path
from typing import Any

import altair as alt
import nbformat
import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from sourcing.errors import InputError, PackError
from sourcing.pack.decision.record import MIME
from sourcing.pack.page import export
from sourcing.pack.page.export import render_notebook, write_pack
from sourcing.pack.renderer import render_chart

HOSTILE = "</script><script>alert(1)</script>\"'<img src=x onerror=alert(1)>[a](javascript:alert(1))"


def show(**shown: Any) -> nbformat.NotebookNode:
    """A cell whose output has the given types, written with `_` for `/`."""
    names = {"html": "text/html", "text": "text/plain", "markdown": "text/markdown", "png": "image/png",
             "svg": "image/svg+xml", "decision": MIME}  # fmt: skip
    return new_code_cell("code", outputs=[new_output("display_data", {names[k]: v for k, v in shown.items()})])


def show_chart(name: str = "Payroll") -> nbformat.NotebookNode:
    frame = pd.DataFrame({"name": [name, "Billing"], "cost": [3, 2]})
    chart = alt.Chart(frame).mark_bar().encode(x="cost", y="name").properties(description=f"Cost of {name}")
    return new_code_cell("chart", outputs=[new_output("display_data", render_chart(chart.to_dict()))])


def read_main(*cells: nbformat.NotebookNode, **metadata: Any) -> str:
    page = render_notebook(new_notebook(cells=list(cells), metadata=metadata))
    return re.search(r"<main.*</main>", page, re.DOTALL)[0]


def test_code_is_left_out_and_its_output_shown() -> None:
    page = render_notebook(new_notebook(cells=[new_code_cell("secret = 1", outputs=show(text="7").outputs)]))
    assert "secret" not in page
    assert '<pre class="text">7</pre>' in page


@pytest.mark.parametrize("tag", ["hide", "parameters", "injected-parameters", "papermill-error-cell-tag"])
def test_a_cell_with_this_tag_is_dropped_wholly(tag: str) -> None:
    code, words = show(text="from code"), new_markdown_cell("from words")
    for cell in (code, words):
        cell.metadata["tags"] = [tag, "other"]
    assert "from" not in read_main(code, words)


def test_each_output_shows_its_richest_form() -> None:
    png = base64.b64encode(b"picture").decode()
    assert "<b>rich</b>" in read_main(show(html="<b>rich</b>", text="poor"))
    assert "poor" not in read_main(show(html="<b>rich</b>", text="poor"))
    assert "<em>rich</em>" in read_main(show(markdown="*rich*", text="poor"))
    assert f'<img alt="poor" src="data:image/png;base64,{png}">' in read_main(show(png=png, text="poor"))
    vector = base64.b64encode(b"<svg onload='x()'/>").decode()
    assert f"data:image/svg+xml;base64,{vector}" in read_main(show(svg="<svg onload='x()'/>", text="poor"))
    assert 'class="static"' in read_main(show_chart())


def test_a_decision_record_shows_nothing() -> None:
    assert "record" not in read_main(show(decision={"record": 1}, text="record", html="record"))


def test_printed_text_is_shown_without_terminal_colors() -> None:
    said = new_code_cell("x", outputs=[new_output("stream", name="stdout", text="\x1b[31ma < b\x1b[0m\n")])
    silent = new_code_cell("x", outputs=[new_output("stream", name="stderr", text="  \n")])
    assert '<pre class="stream stdout">a &lt; b</pre>' in read_main(said)
    assert "<pre" not in read_main(silent)


def test_a_failed_cell_is_a_box_with_the_message_and_without_the_traceback() -> None:
    error = new_output("error", ename="CaseError", evalue="a <b> c", traceback=["File /home/somebody/x.py"])
    page = read_main(new_code_cell("x", outputs=[error]))
    assert "This pack is incomplete" in page
    assert "CaseError: a &lt;b&gt; c" in page
    assert "somebody" not in page


def test_second_level_headings_make_sections_and_contents_with_unique_anchors() -> None:
    page = render_notebook(
        new_notebook(
            cells=[
                new_markdown_cell("## Cost & *risk*\n\none"),
                new_markdown_cell("two\n\n## Cost & risk\n\nthree"),
            ]
        )
    )
    assert re.findall(r'<a href="(#section[^"]*)">([^<]*)</a>', page) == [
        ("#section-cost-risk", "Cost &amp; risk"),
        ("#section-cost-risk-2", "Cost &amp; risk"),
    ]
    assert re.findall(r'<section id="([^"]*)"', page) == ["section-cost-risk", "section-cost-risk-2"]
    first = re.search(r'<section id="section-cost-risk".*?</section>', page, re.DOTALL)[0]
    assert "one" in first
    assert "two" in first
    assert "three" not in first


def test_a_heading_tagged_fold_folds_its_section_and_no_other() -> None:
    folded = new_markdown_cell("## Detail\n\none", metadata={"tags": ["fold"]})
    page = render_notebook(new_notebook(cells=[folded, new_markdown_cell("## Answer\n\ntwo")]))
    detail, answer = re.findall(r"<section.*?</section>", page, re.DOTALL)
    assert re.search(r"<details class=\"part\"><summary><h2>Detail</h2></summary>.*one.*</details>", detail, re.DOTALL)
    assert "<details" not in answer


def test_the_title_is_the_argument_else_the_metadata_else_the_first_heading() -> None:
    cells = [new_markdown_cell("# Which processes?\n\ntext")]
    book = new_notebook(cells=cells, metadata={"title": "From metadata"})
    assert "<title>Payroll unit</title>" in render_notebook(book, title="Payroll unit")
    assert '<p class="subtitle">Which processes?</p>' in render_notebook(book, title="Payroll unit")
    assert "<title>From metadata</title>" in render_notebook(book)
    plain = render_notebook(new_notebook(cells=cells))
    assert "<title>Which processes?</title>" in plain
    assert plain.count("<h1>") == 1
    assert "<title>Decision pack</title>" in render_notebook(new_notebook())


def test_money_is_not_read_as_mathematics() -> None:
    assert "$3 and <strong>$4</strong>" in read_main(new_markdown_cell("from $3 and **$4** on"))


def test_names_from_a_case_stay_text_wherever_they_stand() -> None:
    frame = pd.DataFrame({"process": [HOSTILE], "cost": [1]})
    page = render_notebook(
        new_notebook(
            cells=[
                new_markdown_cell(f"# {HOSTILE}\n\n## {HOSTILE}\n\n{HOSTILE} <b onclick='x()'>b</b>"),
                show(html=frame._repr_html_(), text="x"),
                show(markdown=HOSTILE),
                show(html=f"<details open ontoggle='x()'><summary>{HOSTILE}</summary></details>"),
                show(text=HOSTILE),
                show_chart(HOSTILE),
                new_code_cell("x", outputs=[new_output("error", ename=HOSTILE, evalue=HOSTILE, traceback=[])]),
            ],
            metadata={"title": HOSTILE},
        ),
        provenance={HOSTILE: HOSTILE},
    )
    assert page.count("<script>") == 1
    assert page.count("<script ") == 2
    assert page.count("</script>") == 3
    outside = re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)
    tags = re.findall(r"<[a-z][^>]*>", outside)
    assert [tag for tag in tags if tag.startswith("<img")] == [tag for tag in tags if 'src="data:image/svg+xml' in tag]
    assert not [tag for tag in tags if re.search(r"\son\w+\s*=", re.sub(r'"[^"]*"', "", tag))]
    assert not [tag for tag in tags if re.search(r'href="[^#]', tag)]


def make_book() -> nbformat.NotebookNode:
    return new_notebook(
        cells=[new_markdown_cell("# Plan"), show_chart(), show(html="<p>a</p>")],
        metadata={"papermill": {"input_path": "/home/somebody/in.ipynb", "start_time": "2020-01-01T00:00:00"}},
    )


def test_the_same_notebook_gives_the_same_bytes_from_memory_and_from_disk(tmp_path: Path) -> None:
    book = make_book()
    nbformat.write(book, tmp_path / "book.ipynb")
    before = nbformat.writes(book)
    first = write_pack(book, tmp_path / "new" / "a.html")
    second = write_pack(tmp_path / "book.ipynb", str(tmp_path / "b.html"))
    assert first.read_bytes() == second.read_bytes()
    assert nbformat.writes(book) == before


def test_paths_and_clocks_of_the_run_do_not_reach_the_page() -> None:
    page = render_notebook(make_book())
    assert "somebody" not in page
    assert "2020-01-01" not in page


def test_a_failure_leaves_the_old_file_and_nothing_half_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = write_pack(new_notebook(), tmp_path / "pack.html").read_bytes()
    broken = show_chart()
    broken.outputs[0].data["application/vnd.vegalite.v6+json"]["mark"] = "nonsense"
    with pytest.raises(PackError):
        write_pack(new_notebook(cells=[broken]), tmp_path / "pack.html")

    def run_out_of_space(self: Path, target: Path) -> Path:
        raise OSError("no space left")

    monkeypatch.setattr(export.Path, "replace", run_out_of_space)
    with pytest.raises(InputError, match="no space"):
        write_pack(make_book(), tmp_path / "pack.html")
    assert [file.name for file in tmp_path.iterdir()] == ["pack.html"]
    assert (tmp_path / "pack.html").read_bytes() == old


@pytest.mark.parametrize("text", [None, "{", "[]"])
def test_what_is_not_a_notebook_is_named(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "book.ipynb").write_text(text)
    with pytest.raises(PackError, match=r"A pack is made from an executed notebook; got \w+ at book.ipynb"):
        write_pack(tmp_path / "book.ipynb", tmp_path / "pack.html")
