(() => {
  "use strict";
  const DARK = __DARK__;
  const TOP = ["concat", "hconcat", "vconcat", "facet", "repeat", "spec"];
  const CELLS = ["row", "column", "facet"];
  const KEPT = ["data", "datasets", "config", "tooltip"];
  const FIT_WIDTH = [{ op: "add", path: "/autosize", value: { type: "fit-x", contains: "padding" } }];
  const NARROW = 460;
  const PHRASE = 12;
  const SENTENCE = 44;
  const LINE = 34;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const root = document.documentElement;
  const views = new Map();
  const WIDE = ".scroll, .live.wide, main pre, :not(.scroll) > table";
  let round = 0;

  const isPlain = (part) => part !== null && typeof part === "object" && !Array.isArray(part);
  const merge = (base, over) => {
    const both = { ...base };
    for (const [key, part] of Object.entries(over)) {
      both[key] = isPlain(part) && isPlain(both[key]) ? merge(both[key], part) : part;
    }
    return both;
  };

  const wrapWords = (words) => {
    const lines = [""];
    for (const word of words.split(" ")) {
      const line = lines[lines.length - 1];
      if (line && line.length + word.length + 1 > LINE) lines.push(word);
      else lines[lines.length - 1] = line ? `${line} ${word}` : word;
    }
    return lines.length > 1 ? lines : words;
  };

  const wrapTitles = (spec) => {
    const copy = { ...spec };
    for (const [key, part] of Object.entries(copy)) {
      if (key === "title" && typeof part === "string") copy[key] = wrapWords(part);
      else if (KEPT.includes(key)) continue;
      else if (Array.isArray(part)) copy[key] = part.map((one) => (isPlain(one) ? wrapTitles(one) : one));
      else if (isPlain(part)) copy[key] = wrapTitles(part);
    }
    return copy;
  };

  const isComposed = (spec) =>
    TOP.some((key) => key in spec) || CELLS.some((key) => key in (spec.encoding || {}));

  const isFitted = (spec) => !isComposed(spec) && !isPlain(spec.width);

  const fit = (spec, room) => {
    const narrow = room < NARROW;
    let config = spec.config || {};
    if (dark.matches) config = merge(config, DARK);
    if (narrow) config = merge(config, { axis: { labelLimit: 120 }, axisY: { labelLimit: 120 }, legend: { columns: 2, labelLimit: 130 } });
    const { hconcat, ...rest } = narrow ? wrapTitles(spec) : spec;
    const fitted = { ...rest, config };
    if (hconcat) fitted[narrow ? "vconcat" : "hconcat"] = hconcat;
    if (narrow && "columns" in fitted) fitted.columns = 1;
    if (isFitted(spec)) fitted.width = typeof spec.width === "number" ? Math.min(spec.width, room) : room;
    return fitted;
  };

  const shrink = (spec, excess) => {
    const copy = { ...spec };
    if (typeof copy.width === "number") copy.width = Math.max(80, copy.width - excess);
    if (isPlain(copy.spec)) copy.spec = shrink(copy.spec, excess);
    for (const key of ["layer", "vconcat", "concat"]) {
      if (Array.isArray(copy[key])) copy[key] = copy[key].map((part) => shrink(part, excess));
    }
    return copy;
  };

  // Patched once compiled: Vega-Lite takes a width that fits beside a height in steps for a mistake.
  const embed = (place, spec) =>
    vegaEmbed(place, spec, {
      patch: isFitted(spec) ? FIT_WIDTH : [],
      ast: true,
      actions: false,
      renderer: "svg",
      defaultStyle: false,
      tooltip: { theme: dark.matches ? "dark" : "light" },
    });

  const draw = async (figure) => {
    const place = figure.querySelector(".live");
    const spec = JSON.parse(figure.querySelector("script").textContent);
    const wide = Math.floor(figure.clientWidth) || 720;
    const isHalf = figure.classList.contains("half") && wide >= NARROW;
    const room = isHalf ? wide : Math.max(wide, Number(place.dataset.least) || 0);
    const fitted = fit(spec, room);
    if (views.has(figure)) views.get(figure).finalize();
    let drawn = await embed(place, fitted);
    const excess = Math.ceil(place.querySelector("svg").viewBox.baseVal.width - room);
    if (isComposed(fitted) && excess > 0) {
      drawn.finalize();
      drawn = await embed(place, shrink(fitted, excess));
    }
    views.set(figure, drawn);
    hideNameless(place);
    figure.classList.add("drawn");
  };

  const hideNameless = (place) => {
    for (const mark of place.querySelectorAll("[role=graphics-symbol]:not([aria-label])")) {
      mark.setAttribute("aria-hidden", "true");
    }
  };

  const isUnfolded = (figure) => !figure.closest("details:not([open])");

  const unpackDrawing = async () => {
    const packed = document.getElementById("drawing");
    if (!packed || typeof DecompressionStream !== "function") return;
    const bytes = Uint8Array.from(atob(packed.textContent), (letter) => letter.charCodeAt(0));
    const script = document.createElement("script");
    script.textContent = await new Response(
      new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))
    ).text();
    document.head.append(script);
  };

  const drawOrKeep = async (figure) => {
    if (typeof vegaEmbed !== "function") return;
    try {
      await draw(figure);
    } catch (error) {
      figure.classList.remove("drawn");
      console.error(error);
    }
  };

  const drawAll = async () => {
    const mine = ++round;
    root.dataset.charts = "drawing";
    for (const figure of document.querySelectorAll("figure.chart")) {
      if (mine !== round) return;
      if (isUnfolded(figure)) await drawOrKeep(figure);
    }
    tendWide();
    if (mine === round) root.dataset.charts = "drawn";
  };

  const drawWithin = async (part) => {
    const figures = [...part.querySelectorAll("figure.chart")].filter(isUnfolded);
    if (figures.length) root.dataset.charts = "drawing";
    for (const figure of figures) await drawOrKeep(figure);
    tendWide();
    root.dataset.charts = "drawn";
  };

  const drawUnfolded = () => {
    document.addEventListener(
      "toggle",
      (event) => {
        if (event.target.open) drawWithin(event.target);
      },
      true
    );
  };

  const unfoldTarget = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const part = target && target.querySelector(":scope > details.part");
    if (part && !part.open) {
      part.open = true;
      target.scrollIntoView();
    }
  };

  const watchWidth = () => {
    let width = root.clientWidth;
    let pause;
    addEventListener("resize", () => {
      if (root.clientWidth === width) return;
      clearTimeout(pause);
      pause = setTimeout(() => {
        width = root.clientWidth;
        drawAll();
      }, 150);
    });
  };

  const nameWide = (box) => {
    const told = box.querySelector("caption")?.textContent.trim();
    const around = () => (box.closest("section")?.querySelector("h2") || root.querySelector("h1")).textContent.trim();
    const name = told ? `Table: ${told}` : `${box.matches("pre") ? "Text" : "Table"} in: ${around()}`;
    const others = [...document.querySelectorAll("[role=region]")].map((one) => one.getAttribute("aria-label"));
    let place = 1;
    while (others.includes(place > 1 ? `${name} (${place})` : name)) place += 1;
    return place > 1 ? `${name} (${place})` : name;
  };

  const markEdge = (box) => box.classList.toggle("more", box.scrollLeft + box.clientWidth < box.scrollWidth - 1);

  const tendWide = () => {
    for (const box of document.querySelectorAll(WIDE)) {
      if (!box.clientWidth) continue;
      markEdge(box);
      if (box.matches(".live")) continue;
      const isRegion = box.matches(".scroll, pre");
      if (box.scrollWidth <= box.clientWidth + 1) {
        box.removeAttribute("tabindex");
        if (isRegion) ["role", "aria-label"].forEach((name) => box.removeAttribute(name));
      } else if (!box.hasAttribute("tabindex")) {
        box.tabIndex = 0;
        if (isRegion) box.setAttribute("aria-label", nameWide(box));
        if (isRegion) box.setAttribute("role", "region");
      }
    }
  };

  const watchWide = () => {
    document.addEventListener(
      "scroll",
      (event) => {
        if (event.target !== document && event.target.matches(WIDE)) markEdge(event.target);
      },
      { capture: true, passive: true }
    );
  };

  const giveRoom = () => {
    for (const cell of document.querySelectorAll("main td, main tbody th")) {
      const letters = cell.textContent.trim().length;
      if (letters > PHRASE) cell.classList.add(letters > SENTENCE ? "sentence" : "phrase");
    }
  };

  const printAll = () => {
    const button = document.getElementById("print-all");
    if (!button) return;
    button.hidden = false;
    button.addEventListener("click", () => {
      root.classList.add("whole");
      print();
    });
    addEventListener("afterprint", () => root.classList.remove("whole"));
  };

  const unfoldForPrint = () => {
    let folded = [];
    addEventListener("beforeprint", () => {
      if (root.classList.contains("has-spine") && !root.classList.contains("whole")) return;
      folded = [...document.querySelectorAll("main details:not([open])")];
      folded.forEach((card) => (card.open = true));
    });
    addEventListener("afterprint", () => folded.forEach((card) => (card.open = false)));
  };

  const closeContents = () => {
    const menu = document.querySelector(".bar details");
    if (!menu) return;
    document.addEventListener("click", (event) => {
      if (!event.target.closest("summary") || !menu.contains(event.target)) menu.open = false;
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape") menu.open = false;
    });
  };

  const pickScenario = (block, place) => {
    const sides = [...block.querySelectorAll(".side.asked")];
    const parts = [...block.querySelectorAll(":scope > details")];
    if (sides.length < 2 || sides.length !== parts.length) return;
    const pick = (picked) => {
      sides.forEach((side, each) => side.classList.toggle("picked", each === picked));
      parts.forEach((part, each) => part.classList.toggle("aside", each !== picked));
      parts[picked].open = true;
    };
    const group = block.querySelector(".sides");
    group.setAttribute("role", "radiogroup");
    group.setAttribute("aria-label", "Scenario whose moves stand below");
    const first = Math.max(0, sides.findIndex((side) => !side.querySelector(".warning")));
    sides.forEach((side, each) => {
      const label = document.createElement("label");
      const radio = document.createElement("input");
      const head = side.querySelector("h3");
      radio.type = "radio";
      radio.name = `scenario-${place}`;
      radio.checked = each === first;
      radio.addEventListener("change", () => pick(each));
      side.querySelectorAll("a").forEach((link) =>
        link.addEventListener("click", () => {
          radio.checked = true;
          pick(each);
        })
      );
      label.append(radio, ...head.childNodes);
      head.append(label);
    });
    pick(first);
  };

  document.querySelectorAll(".scenarios").forEach(pickScenario);
  giveRoom();
  unfoldForPrint();
  printAll();
  closeContents();
  unfoldTarget();
  addEventListener("hashchange", unfoldTarget);
  tendWide();
  watchWide();
  unpackDrawing().then(drawAll);
  drawUnfolded();
  watchWidth();
  dark.addEventListener("change", drawAll);
})();
