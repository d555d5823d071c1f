"""Who reads a pack by keyboard, by ear, on a phone or in the dark: axe-core finds nothing, and every key leads on."""

from __future__ import annotations

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("packs")]
VIEWS = [("desktop", "light"), ("desktop", "dark"), ("phone", "light")]
TELL_EDGE = "node => [node.scrollLeft, node.classList.contains('more')]"


@pytest.mark.parametrize(("size", "scheme"), VIEWS)
@pytest.mark.parametrize(
    "name", ["small", pytest.param("sixty", marks=[pytest.mark.slow, pytest.mark.xdist_group("sixty")])]
)
def test_a_pack_is_accessible_folded_and_unfolded(request, open_pack, name, size, scheme):
    folder = request.getfixturevalue("find")("tiny/alpha") if name == "small" else request.getfixturevalue(name)
    pack = open_pack(folder / "pack.html", size, scheme=scheme)
    if (size, scheme) == VIEWS[0]:
        assert pack.audit() == []
    pack.unfold()
    assert pack.audit() == []


@pytest.mark.parametrize(("size", "scheme"), VIEWS)
def test_the_index_is_accessible(tiny_packs, open_pack, size, scheme):
    assert open_pack(tiny_packs.folder / "index.html", size, scheme=scheme).audit() == []


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_the_page_of_a_unit_without_a_plan_is_accessible(refused, open_pack, size):
    page = open_pack(refused.folder / "alpha" / "no_plan.html", size)
    page.unfold()
    assert page.audit() == []


def test_the_audit_can_find_something(find, open_pack):
    page = open_pack(find("tiny/alpha") / "pack.html")
    page.page.evaluate("document.documentElement.removeAttribute('lang')")
    page.page.evaluate("document.querySelector('main p').style.color = '#999'")
    found = {said.partition(" ")[0] for said in page.audit()}
    assert {"html-has-lang", "color-contrast"} <= found


def test_folds_open_and_wide_tables_scroll_by_keyboard_alone(find, open_pack):
    page = open_pack(find("tiny/alpha") / "pack.html", "phone").page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    summaries = page.locator("main summary").locator("visible=true").count()
    opened, scrolled = 0, 0
    for _ in range(400):
        page.keyboard.press("Tab")
        focused = page.evaluate_handle("document.activeElement").as_element()
        kind = focused.evaluate("node => node.tagName + (node.getAttribute('role') || '')")
        if kind == "SUMMARY" and not focused.evaluate("node => node.parentElement.open"):
            page.keyboard.press("Enter")
            assert focused.evaluate("node => node.parentElement.open || !node.closest('main')")
            opened += 1
        elif kind == "DIVregion":
            start, is_more = focused.evaluate(TELL_EDGE)
            assert (start, is_more) == (0, True)
            assert focused.get_attribute("aria-label")
            page.keyboard.press("End")
            page.keyboard.press("ArrowRight")
            page.wait_for_function("node => node.scrollLeft > 0", arg=focused)
            scrolled += 1
        if opened > summaries and scrolled >= 3:
            break
    assert opened > summaries
    assert scrolled >= 3


def test_a_wide_table_shows_that_it_goes_on_until_its_end(find, open_pack):
    pack = open_pack(find("tiny/alpha") / "pack.html", "phone")
    pack.unfold()
    page = pack.page
    boxes = page.locator(".scroll[role=region]").locator("visible=true").all()
    box = next(one for one in boxes if one.evaluate("node => node.scrollWidth > node.clientWidth + 1"))
    assert box.evaluate(TELL_EDGE)[1]
    box.evaluate("node => { node.scrollLeft = node.scrollWidth; }")
    page.wait_for_function("node => !node.classList.contains('more')", arg=box.element_handle())
