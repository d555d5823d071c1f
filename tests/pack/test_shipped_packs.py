"""The packs of the shipped cases, as a reader meets them: offline, wide and narrow, printed, without scripts."""

from __future__ import annotations

import json
import re

import pandas as pd
import pytest

from sourcing.pack.wording import say_about, say_ends

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("packs")]
PACKS = [
    "tiny/alpha",
    "tiny/beta",
    pytest.param("us_federal_2015/agriculture", marks=pytest.mark.slow),
    pytest.param("us_federal_2015/general_services", marks=pytest.mark.slow),
]


@pytest.mark.parametrize("size", ["desktop", "phone"])
@pytest.mark.parametrize("name", PACKS)
def test_a_pack_reads_well_and_asks_for_nothing(find, open_pack, name, size):
    pack = open_pack(find(name) / "pack.html", size)
    assert not pack.is_wider_than_window()
    assert pack.overlaps() == []
    assert pack.live_charts() < pack.charts()
    pack.unfold()
    assert pack.requests == []
    assert pack.problems == []
    assert pack.charts() == pack.live_charts() >= 6
    assert not pack.is_wider_than_window()
    assert pack.overlaps() == []
    assert pack.spills() == []
    assert pack.label_clashes() == []
    assert pack.cut_tables() == []


@pytest.mark.slow
@pytest.mark.xdist_group("sixty")
def test_a_pack_of_sixty_processes_is_small_enough_to_mail(sixty):
    assert len(pd.read_csv(sixty / "plan.csv")) == 60
    assert (sixty / "pack.html").stat().st_size <= 3_000_000


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_a_reader_picks_an_efficient_plan_and_sees_what_it_decides(find, open_pack, size):
    pack = open_pack(find("tiny/beta") / "pack.html", size)
    pack.unfold()
    said = pack.pick_points("pick a plan")
    rows = pack.page.locator("h3:text-is('What less risk costs') ~ .scroll tbody tr").count()
    assert len(said) == rows > 1
    assert [int(re.match(r"Plan (\d+)", each)[1]) for each in said] == list(range(1, rows + 1))
    assert len(set(said)) == rows
    assert pack.problems == []


def test_a_folded_section_opens_from_the_contents_and_draws_its_charts(find, open_pack):
    pack = open_pack(find(PACKS[0]) / "pack.html")
    drawn = pack.live_charts()
    pack.page.locator(".bar summary").click()
    pack.page.locator("nav.contents a", has_text="Providers and contracts").click()
    pack.page.wait_for_selector("#section-providers-and-contracts-from-both-sides details.part[open]")
    pack.page.wait_for_function("() => document.querySelectorAll('details.part[open] figure.drawn').length > 0")
    assert pack.live_charts() > drawn
    assert pack.problems == []


@pytest.mark.parametrize("name", [PACKS[0], PACKS[-1]])
def test_a_pack_prints_and_reads_without_scripts(find, open_pack, name, tmp_path):
    pack = open_pack(find(name) / "pack.html", javascript=False)
    pack.unfold()
    assert pack.static_charts() == pack.charts() >= 6
    printed = open_pack(find(name) / "pack.html").print_pdf(tmp_path / "pack.pdf")
    assert printed.read_bytes().startswith(b"%PDF")
    assert printed.stat().st_size > 50_000
    assert len(re.findall(rb"/Type\s*/Page\b", printed.read_bytes())) == 4


def test_the_evidence_is_printed_when_it_is_asked_for(find, open_pack, tmp_path):
    pack = open_pack(find("tiny/alpha") / "pack.html")
    pack.page.evaluate("document.documentElement.classList.add('whole')")
    printed = pack.print_pdf(tmp_path / "whole.pdf").read_bytes()
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) > 8


@pytest.mark.parametrize("name", PACKS)
def test_a_folded_pack_is_no_longer_than_nine_thousand_pixels(find, open_pack, name):
    page = open_pack(find(name) / "pack.html").page
    assert page.evaluate("document.documentElement.scrollHeight") <= 9_000


@pytest.mark.parametrize("name", PACKS)
def test_page_one_says_what_the_summary_says(find, open_pack, name):
    summary = json.loads((find(name) / "summary.json").read_text(encoding="utf-8"))
    page = open_pack(find(name) / "pack.html").page
    said, currency = page.locator(".answer").first.inner_text(), summary["currency"]
    ends = summary["saving"], summary["saving_low"], summary["saving_high"]
    assert say_about(abs(ends[0]), *ends[1:], currency) in said
    assert say_ends(*ends[1:], currency) in said
    assert f"Of {summary['processes']} processes" in said
    assert page.locator("h1").inner_text() == summary["name"]


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_the_page_of_a_unit_without_a_plan_reads_well(refused, open_pack, size):
    assert refused.exit_code == 1
    page = open_pack(refused.folder / "alpha" / "no_plan.html", size)
    assert page.requests == []
    assert page.problems == []
    page.unfold()
    assert not page.is_wider_than_window()
    assert page.overlaps() == []
    assert page.spills() == []
    assert page.cut_tables() == []


def test_the_page_of_a_unit_without_a_plan_prints_on_two_sheets(refused, open_pack, tmp_path):
    page = open_pack(refused.folder / "alpha" / "no_plan.html")
    printed = page.print_pdf(tmp_path / "no_plan.pdf").read_bytes()
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) <= 2


@pytest.mark.parametrize("name", PACKS)
def test_each_pack_leads_to_its_workbook_in_the_same_folder(find, open_pack, name):
    links = [link.get_attribute("href") for link in open_pack(find(name) / "pack.html").page.locator("a").all()]
    assert [link for link in links if link and not link.startswith("#")] == ["pack.xlsx"]
    assert (find(name) / "pack.xlsx").read_bytes().startswith(b"PK")


def test_the_index_leads_to_every_pack(tiny_packs, open_pack):
    index = tiny_packs.folder / "index.html"
    page = open_pack(index)
    assert page.requests == []
    assert page.problems == []
    assert not page.is_wider_than_window()
    manifest = json.loads((index.parent / "manifest.json").read_text(encoding="utf-8"))
    assert [unit["status"] for unit in manifest["units"]] == ["optimal", "optimal"]
    links = {link.get_attribute("href") for link in page.page.locator("a").all()}
    assert {"alpha/pack.html", "beta/pack.html"} <= links
