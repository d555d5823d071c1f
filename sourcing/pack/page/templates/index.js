(() => {
  "use strict";
  const table = document.querySelector("table.units");
  const body = table.tBodies[0];
  const started = [...body.rows];
  const heads = [...table.tHead.rows[0].cells].filter((head) => head.dataset.sorts);

  const keyOf = (row, place) => row.cells[place].dataset.key;
  const compare = (one, two, isNumber) => (isNumber ? Number(one) - Number(two) : one < two ? -1 : one > two ? 1 : 0);

  const sortBy = (head, direction) => {
    const place = head.cellIndex;
    const isNumber = head.dataset.sorts === "number";
    const known = started.filter((row) => keyOf(row, place) !== undefined);
    const missing = started.filter((row) => keyOf(row, place) === undefined);
    const sign = direction === "ascending" ? 1 : -1;
    known.sort((one, two) => sign * compare(keyOf(one, place), keyOf(two, place), isNumber));
    body.append(...known, ...missing);
    heads.forEach((each) => each.setAttribute("aria-sort", each === head ? direction : "none"));
  };

  heads.forEach((head) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    button.addEventListener("click", () => {
      const first = head.dataset.first;
      const other = first === "ascending" ? "descending" : "ascending";
      sortBy(head, head.getAttribute("aria-sort") === first ? other : first);
    });
    head.append(button);
    head.setAttribute("aria-sort", "none");
  });
  table.classList.add("sortable");
})();
