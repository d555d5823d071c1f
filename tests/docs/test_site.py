"""The documentation site builds without a warning, opens from a folder, and asks for nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib import import_module
from typing import TYPE_CHECKING

import pytest

from sourcing.pack.style.style_page import write_style
from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

ROOMS = ("case", "assess", "value", "plan", "decide", "uncertainty", "program")
LEFT = "net::ERR_ABORTED"
"""Why a picture of a page does not come where the next page is opened meanwhile."""
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("site")]


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    """The site as `make docs` builds it."""
    folder = tmp_path_factory.mktemp("site")
    write_style(ROOT / "data", ROOT / "docs" / "style")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)]
    quiet = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    run = subprocess.run(command, cwd=ROOT, env=quiet, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    return folder


@pytest.mark.browser
def test_every_page_opens_offline_without_a_request_or_a_word_on_the_console(site, browser: Browser):
    context = browser.new_context(offline=True)
    page, said = context.new_page(), []
    page.on("request", lambda asked: asked.url.startswith(("file:", "data:", "blob:")) or said.append(asked.url))
    page.on("requestfailed", lambda asked: asked.failure == LEFT or said.append(f"failed: {asked.url}"))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    pages = sorted(path for path in site.rglob("*.html") if path.name != "404.html")
    assert len(pages) > 60
    for path in pages:
        page.goto(path.as_uri())
        assert page.locator("h1").count() == 1, path
        assert not said, (path, said)
    context.close()


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 390])
def test_no_page_is_wider_than_its_window(site, browser: Browser, width):
    context = browser.new_context(offline=True, viewport={"width": width, "height": 900})
    page = context.new_page()
    for name in ("index.html", "levers.html", "methods/deals.html", "api/plan.html", "tables/processes.html"):
        page.goto((site / name).as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
    context.close()


@pytest.mark.browser
def test_the_search_finds_a_page_from_a_folder(site, browser: Browser):
    context = browser.new_context(offline=True)
    page = context.new_page()
    page.goto((site / "index.html").as_uri())
    page.locator("input[name=query]").fill("certificate")
    page.wait_for_selector(".md-search-result__item", timeout=10_000)
    assert "The optimizer and its certificate" in page.locator(".md-search-result__list").inner_text()
    context.close()


@pytest.mark.parametrize("room", ROOMS)
def test_the_page_of_a_room_tells_every_function_and_class_of_its_face(site, room):
    names = import_module(f"sourcing.{room}").__all__
    text = (site / "api" / f"{room}.html").read_text(encoding="utf-8")
    marks = {part.split('"')[0].rsplit(".", 1)[-1] for part in text.split(f'id="sourcing.{room}.')[1:]}
    assert {name for name in names if not name.isupper()} <= marks
