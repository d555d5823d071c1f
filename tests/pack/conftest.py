"""A real browser for packs: opens a file, counts what it asks for, measures what the reader sees."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from sourcing import load_case
from sourcing.case import load_dictionary, save_case
from sourcing.cli import main
from tests.conftest import EXAMPLE, ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page

    from tests.conftest import MadePacks

SIZES = {"desktop": (1280, 900), "phone": (390, 844)}
STANDARD = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
"""Tags of the rules that WCAG 2.2 asks for at level AA."""
AUDIT = """
async (tags) => {
  const clear = "rgba(0, 0, 0, 0)";
  const seen = new Map();
  for (const node of document.querySelectorAll("body *:not(svg, svg *)")) {
    const says = [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim());
    if (!says || !node.checkVisibility()) continue;
    let behind = node;
    while (behind.parentElement && getComputedStyle(behind).backgroundColor === clear) behind = behind.parentElement;
    const style = getComputedStyle(node);
    const look = [style.color, style.fontSize, style.fontWeight, style.opacity,
                  getComputedStyle(behind).backgroundColor, behind.className, node.tagName].join();
    seen.set(look, (seen.get(look) || 0) + 1);
    node.toggleAttribute("data-look", seen.get(look) <= 2);
  }
  const whole = { runOnly: { type: "tag", values: tags }, rules: { "color-contrast": { enabled: false } } };
  const found = [
    await axe.run(document, { ...whole, resultTypes: ["violations"] }),
    await axe.run({ include: [["[data-look]"]] }, { runOnly: ["color-contrast"], resultTypes: ["violations"] }),
  ];
  return found.flatMap((each) => each.violations).flatMap((broken) =>
    broken.nodes.map((node) => `${broken.id} (${broken.impact}): ${node.html.slice(0, 160)}`));
}
"""
"""Contrast, which takes axe-core a minute on a page of tables, is measured on two texts of each look: same color and
background, size and weight."""

FIND_OVERLAPS = """
() => {
  const shown = (node) => {
    const box = node.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && getComputedStyle(node).visibility !== "hidden";
  };
  const tag = (node) => node.tagName.toLowerCase();
  const name = (node) => `${tag(node)}.${node.className}: ${node.textContent.trim().slice(0, 40)}`;
  const found = [];
  for (const parent of document.querySelectorAll("main, main *:not(svg, svg *)")) {
    const blocks = [...parent.children].filter(
      (node) => shown(node) && !/^(inline|contents|none)/.test(getComputedStyle(node).display)
    );
    for (let one = 0; one < blocks.length; one++) {
      for (let two = one + 1; two < blocks.length; two++) {
        const [a, b] = [blocks[one].getBoundingClientRect(), blocks[two].getBoundingClientRect()];
        const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        const pair = [blocks[one], blocks[two]];
        const sticky = pair.some((node) => getComputedStyle(node).position === "sticky");
        if (wide > 1 && high > 1 && !sticky) found.push(`${name(blocks[one])} | ${name(blocks[two])}`);
      }
    }
  }
  return found;
}
"""

FIND_SPILLS = """
() => [...document.querySelectorAll("main *:not(svg *)")]
  .filter((node) => {
    const box = node.getBoundingClientRect();
    const clipped = node.parentElement.closest(".scroll, table, pre, .live");
    return box.width > 0 && !clipped && (box.right > innerWidth + 1 || box.left < -1);
  })
  .map((node) => `${node.tagName.toLowerCase()}.${node.className}: ${node.textContent.trim().slice(0, 40)}`)
"""

FIND_LABEL_CLASHES = """
() => {
  const found = [];
  for (const drawing of document.querySelectorAll("figure.drawn .live svg")) {
    const frame = drawing.getBoundingClientRect();
    const words = [...drawing.querySelectorAll("text")].filter((node) => {
      const box = node.getBoundingClientRect();
      return node.textContent.trim() && box.width > 0 && Number(getComputedStyle(node).opacity) > 0;
    });
    for (const [place, node] of words.entries()) {
      const a = node.getBoundingClientRect();
      if (a.right > frame.right + 2 || a.left < frame.left - 2) found.push(`cut off: ${node.textContent}`);
      for (const other of words.slice(place + 1)) {
        const b = other.getBoundingClientRect();
        const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (wide > 2 && high > 3) found.push(`${node.textContent} | ${other.textContent}`);
      }
    }
  }
  return found;
}
"""


@dataclass
class OpenPack:
    """A pack in a browser window.

    `requests` holds every address asked for besides the file itself, `problems` every error, warning
    and breach of the content-security policy that reached the console.
    """

    page: Page
    requests: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def live_charts(self) -> int:
        """Count charts drawn live and shown."""
        return self.page.locator("figure.chart .live svg.marks").locator("visible=true").count()

    def static_charts(self) -> int:
        """Count static copies shown, each loaded."""
        shown = self.page.locator("figure.chart img.static").locator("visible=true")
        return sum(bool(image.evaluate("node => node.complete && node.naturalWidth > 0")) for image in shown.all())

    def pick_points(self, title: str) -> list[str]:
        """Click every point of a chart, one after another, and return the words that the chart shows then."""
        figure = self.page.locator("figure.chart", has_text=title)
        points = figure.locator(".live .mark-symbol.role-mark").first.locator("path")
        said = []
        for place in range(points.count()):
            points.nth(place).click(force=True)
            self.page.wait_for_timeout(100)
            said.append(" ".join(figure.locator(".live .mark-text.role-mark text").all_text_contents()))
        return said

    def charts(self) -> int:
        return self.page.locator("figure.chart").count()

    def is_wider_than_window(self) -> bool:
        return bool(self.page.evaluate("document.documentElement.scrollWidth > innerWidth"))

    def overlaps(self) -> list[str]:
        """Return pairs of neighboring blocks that lie on each other."""
        return list(self.page.evaluate(FIND_OVERLAPS))

    def spills(self) -> list[str]:
        """Return what sticks out of the window, boxes that scroll by themselves aside."""
        return list(self.page.evaluate(FIND_SPILLS))

    def label_clashes(self) -> list[str]:
        """Return words within a live chart that lie on each other or are cut off."""
        return list(self.page.evaluate(FIND_LABEL_CLASHES))

    def cut_tables(self) -> list[str]:
        """Return the tables made to fit that stick out of their box all the same."""
        cut = "node => node.scrollWidth > node.clientWidth + 1 ? node.textContent.trim().slice(0, 60) : ''"
        boxes = self.page.locator(".scroll:has(> .stacked)").locator("visible=true").all()
        return [said for said in (str(box.evaluate(cut)) for box in boxes) if said]

    def audit(self) -> list[str]:
        """Return what axe-core finds against WCAG 2.2 AA, and against good practice beyond it."""
        self.page.evaluate(resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8"))
        return list(self.page.evaluate(AUDIT, [*STANDARD, "best-practice"]))

    def unfold(self) -> None:
        self.page.evaluate("document.querySelectorAll('main details').forEach(card => (card.open = true))")
        if self.page.locator("html[data-charts]").count():
            drawn = "[...document.querySelectorAll('figure.chart')].every(each => each.classList.contains('drawn'))"
            self.page.wait_for_function(f"() => document.documentElement.dataset.charts === 'drawn' && {drawn}")

    def print_pdf(self, path: Path) -> Path:
        self.page.pdf(path=str(path), prefer_css_page_size=True, print_background=True)
        return path


@pytest.fixture(scope="session")
def find(tiny_packs: MadePacks) -> Callable[[str], Path]:
    """Return `find("case/unit")`, the folder of a pack of a shipped case, made where it is not there yet."""
    assert tiny_packs.exit_code == 0
    out = tiny_packs.folder.parent

    def find_pack(name: str) -> Path:
        folder, unit = name.split("/")
        if not (out / name).exists():
            assert main(["packs", str(ROOT / "data" / folder), "--out", str(out / folder), "--units", unit]) == 0
        return out / name

    return find_pack


@pytest.fixture(scope="session")
def sixty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the pack of retail with sixty processes: its first ones again, as on a second site."""
    retail, folder = load_case(EXAMPLE, "retail"), tmp_path_factory.mktemp("sixty")
    again = set(retail.processes["process"].head(60 - len(retail.processes)))
    keyed = [name for name, table in load_dictionary().items() if "process" in table.keys and not table.is_made]
    tables = {name: _add_second_site(retail.tables[name], again) for name in keyed}
    case = save_case(retail.replace(**tables), folder / "case")
    assert main(["packs", str(case), "--out", str(folder / "packs")]) == 0
    return folder / "packs" / "retail"


def _add_second_site(table: pd.DataFrame, processes: set[str]) -> pd.DataFrame:
    rows = table[table["process"].isin(processes)]
    more = rows.assign(process=rows["process"] + "_too")
    if "parent_process" in more:
        more = more.assign(parent_process="", name=more["name"] + ", second site")
    return pd.concat([table, more], ignore_index=True)


@pytest.fixture
def open_pack(browser: Browser) -> Iterator[Callable[..., OpenPack]]:
    """Return `open_pack(path, size="desktop", javascript=True, scheme="light") -> OpenPack`.

    The window is offline; with scripts on, the call returns once all charts are drawn.
    """
    contexts = []

    def open_one(
        path: Path, size: str | tuple[int, int] = "desktop", *, javascript: bool = True, scheme: Any = "light"
    ) -> OpenPack:
        width, height = SIZES[size] if isinstance(size, str) else size
        context = browser.new_context(
            viewport={"width": width, "height": height},
            java_script_enabled=javascript,
            color_scheme=scheme,
            offline=True,
        )
        contexts.append(context)
        page = context.new_page()
        opened = OpenPack(page)
        address = path.resolve().as_uri()
        page.on("request", lambda asked: _note_request(opened, asked.url, address))
        page.on("console", lambda said: _note_console(opened, said.type, said.text))
        page.on("pageerror", lambda error: opened.problems.append(str(error)))
        page.goto(address)
        if javascript and opened.charts():
            page.wait_for_selector("html[data-charts=drawn]", state="attached", timeout=30_000)
        return opened

    yield open_one
    for context in contexts:
        context.close()


def _note_request(opened: OpenPack, url: str, address: str) -> None:
    if url.split("#")[0] != address and not url.startswith("data:"):
        opened.requests.append(url)


def _note_console(opened: OpenPack, kind: str, text: str) -> None:
    if kind in ("error", "warning"):
        opened.problems.append(text)
