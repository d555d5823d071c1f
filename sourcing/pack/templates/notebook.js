(() => {
  if (window.sourcingTables) { window.sourcingTables(); return; }
  const FILTERED_FROM = 8;

  const listUnits = (table) => (table.tBodies.length > 1 ? [...table.tBodies] : [...(table.tBodies[0]?.rows ?? [])]);
  const readCell = (unit, place) => ((unit.rows?.[0] ?? unit).cells[place]?.textContent ?? "").trim();
  const readFigure = (text) => {
    const plain = text.replace(/[,\s]/g, "").replace("\u2212", "-").replace(/%$/, "");
    return plain === "" ? NaN : Number(plain);
  };

  const sort = (table, head) => {
    const place = head.cellIndex;
    const sign = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
    for (const each of head.parentNode.cells) each.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", sign > 0 ? "ascending" : "descending");
    const units = listUnits(table).map((unit) => ({ unit, text: readCell(unit, place) }));
    const filled = units.filter((each) => each.text !== "");
    const empty = units.filter((each) => each.text === "");
    const areFigures = filled.every((each) => !Number.isNaN(readFigure(each.text)));
    const compare = areFigures
      ? (a, b) => readFigure(a.text) - readFigure(b.text)
      : (a, b) => a.text.localeCompare(b.text, undefined, { numeric: true });
    filled.sort((a, b) => sign * compare(a, b));
    const ordered = [...filled, ...empty].map((each) => each.unit);
    ordered[0]?.parentNode.append(...ordered);
  };

  const sift = (table, words) => {
    const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
    for (const unit of listUnits(table)) {
      const text = unit.textContent.toLowerCase();
      unit.hidden = !wanted.every((word) => text.includes(word));
    }
  };

  const enliven = (table) => {
    table.classList.add("sorts");
    for (const head of table.tHead?.rows[0]?.cells ?? []) {
      head.tabIndex = 0;
      head.title = "Sort";
      head.addEventListener("click", () => sort(table, head));
      head.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        event.stopPropagation();
        sort(table, head);
      });
    }
    if (listUnits(table).length < FILTERED_FROM) return;
    const box = document.createElement("input");
    box.type = "search";
    box.className = "sift";
    box.placeholder = "Filter rows";
    box.setAttribute("aria-label", "Filter rows");
    box.setAttribute("data-lm-suppress-shortcuts", "true");
    box.addEventListener("input", () => sift(table, box.value));
    (table.closest(".scroll") ?? table).before(box);
  };

  window.sourcingTables = () => {
    for (const table of document.querySelectorAll("table.figures:not(.sorts)")) enliven(table);
  };
  let asked = 0;
  new MutationObserver(() => {
    cancelAnimationFrame(asked);
    asked = requestAnimationFrame(window.sourcingTables);
  }).observe(document.body, { childList: true, subtree: true });
  window.sourcingTables();
})();
