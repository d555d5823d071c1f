"""A real JupyterLab, as `sourcing lab` starts it for an installed suite, driven by a browser."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from typing import TYPE_CHECKING

import pytest

from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Page

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.xdist_group("lab")]
PATIENCE = 240_000
"""Milliseconds; a busy machine takes minutes to start a kernel and to make a pack."""
HOMES = [
    *(f"JUPYTER{name}" for name in ("_CONFIG_DIR", "_RUNTIME_DIR", "LAB_SETTINGS_DIR", "LAB_WORKSPACES_DIR")),
    "IPYTHONDIR",
]


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start `sourcing lab` of a suite installed elsewhere, in an empty folder; yield its address with the token."""
    base = tmp_path_factory.mktemp("lab")
    site, work = base / "site", base / "work"
    shutil.copytree(ROOT / "sourcing", site / "sourcing", ignore=shutil.ignore_patterns("__pycache__"))
    (site / "sourcing" / "_shipped").mkdir()
    for name in ("notebooks", "data"):
        (site / "sourcing" / "_shipped" / name).symlink_to(ROOT / name)
    work.mkdir()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token = secrets.token_hex(16)
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "sourcing", "lab", "--no-browser", "--allow-root", f"--ServerApp.port={port}",
               "--ServerApp.port_retries=0", f"--IdentityProvider.token={token}"]  # fmt: skip
    told = {**os.environ, "PYTHONPATH": str(site), **{name: str(base / name) for name in HOMES}}
    with (base / "log").open("w") as log:
        server = subprocess.Popen(command, cwd=work, env=told, stdout=log, stderr=log, start_new_session=True)
    try:
        wait_for_server(f"{address}/api/status?token={token}", server)
        yield f"{address}/?token={token}"
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(60)
        assert wait_until_gone(base), "a process of the test is left"


def wait_for_server(address: str, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE / 1000
    while time.monotonic() < until and server.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=5).close()
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.2)
        else:
            return
    pytest.fail("JupyterLab did not start")


def wait_until_gone(base: Path) -> bool:
    """Wait until no process names the test's folder any more."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        listed = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
        if str(base) not in listed:
            return True
        time.sleep(0.5)
    return False


def test_from_the_list_of_notebooks_to_a_slider_that_changes_the_answer(lab: str, browser) -> None:
    """The first notebook opens from the list, runs, and its cockpit answers a slider; nothing is asked of a network."""
    page = browser.new_page(viewport={"width": 1500, "height": 1100})
    page.set_default_timeout(PATIENCE)
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(lab)
    page.locator(".jp-MarkdownViewer a:has-text('00_start')").click()
    run_all(page)
    cap = page.locator(".widget-hslider", has_text="no more than 20 people").locator(".noUi-handle")
    assert page.locator(".widget-html .figures").first.inner_text().count("USD 305,000") == 3
    cap.focus()
    cap.press("End")
    page.get_by_text("1 change made").wait_for()
    told = page.locator(".widget-html .figures").first.inner_text()
    assert "Saving in cash against today\tUSD 305,000\tUSD 305,000\tUSD " in told
    assert told.splitlines()[1].split("\t")[3] != "USD 305,000"
    assert page.locator(".widget-html .figures").nth(1).inner_text().startswith("Process")
    assert page.locator(".vega-embed").count() == 1
    check_sorting(page)
    assert said == []
    assert [url for url in asked if not url.startswith((lab.split("/?")[0], "data:", "blob:"))] == []
    page.close()


def run_all(page: Page) -> None:
    idle = ".jp-Notebook-ExecutionIndicator[data-status='idle']"
    page.wait_for_selector(".jp-NotebookPanel .jp-CodeCell")
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
    page.wait_for_selector(idle)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    page.wait_for_selector(".widget-hslider", state="attached")
    page.wait_for_selector(idle)
    assert page.locator("[data-mime-type='application/vnd.jupyter.error']").count() == 0


def check_sorting(page: Page) -> None:
    """A click on a heading sorts the rules of the case, another turns the order."""
    table = page.locator(".jp-OutputArea-output table.sorts", has_text="Limit").first
    head = table.locator("thead th", has_text="Limit")
    orders = []
    for _ in range(2):
        head.click()
        orders.append([cell.strip() for cell in table.locator("tbody tr td:nth-child(5)").all_inner_texts()])
    assert orders == [["20", "200,000"], ["200,000", "20"]]
