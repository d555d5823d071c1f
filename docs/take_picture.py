"""Take the picture of a page: `python docs/take_picture.py packs/…/pack.html docs/pack.png`."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from sourcing.case import replacing
from sourcing.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
WIDTH, HEIGHT = 1100, 1240
"""Pixels of the picture: the first page as a reader of a wide window sees it."""


def take_picture(page: Path, picture: Path) -> None:
    """Open a page in headless Chromium, offline, and write what is seen of it first as PNG.

    Raises
    ------
    InputError
        The page is not there, or no browser is.
    """
    if not page.is_file():
        raise InputError(f"A picture is taken of a page; got no file {page.name!r}. Hint: sourcing packs makes it.")
    program = os.environ.get("SOURCING_CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        raise InputError("A browser is needed; got none on PATH. Hint: set SOURCING_CHROMIUM to a Chromium or Chrome.")
    with sync_playwright() as play, replacing(picture) as aside:
        window = play.chromium.launch(executable_path=program, args=["--no-sandbox"])
        context = window.new_context(viewport={"width": WIDTH, "height": HEIGHT}, offline=True, color_scheme="light")
        shown = context.new_page()
        shown.goto(page.resolve().as_uri())
        shown.wait_for_selector("html[data-charts=drawn]", state="attached")
        shown.screenshot(path=str(aside), type="png")
        window.close()


def main(arguments: Sequence[str]) -> int:
    """Take the picture of the first file and write it as the second."""
    if len(arguments) != 2:
        sys.stderr.write("Usage: python docs/take_picture.py packs/UNIT/pack.html docs/pack.png\n")
        return 2
    take_picture(Path(arguments[0]), Path(arguments[1]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
