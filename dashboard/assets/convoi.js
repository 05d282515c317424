/* What the page does without asking the server: selection, languages, modes of the map, keys, the curve. */
"use strict";

(() => {
  const none = () => window.dash_clientside.no_update;
  const put = (id, value) => window.dash_clientside.set_props(id, { data: value });
  const byId = (id) => document.getElementById(id);
  let selection = null;
  let related = {};
  let language = "en";

  const key = (chosen) => (chosen ? `${chosen.kind}:${chosen.id}` : null);

  const parsed = (text) => {
    const at = text.indexOf(":");
    return { kind: text.slice(0, at), id: text.slice(at + 1) };
  };

  // The map knows no demands: it shows the site that one names.
  const sited = (text) => {
    const chosen = parsed(text);
    const site = chosen.kind === "demand" && (related[text] || []).find((other) => other.startsWith("site:"));
    return site ? { ...chosen, site: parsed(site).id } : chosen;
  };

  const choose = (text) => {
    const same = key(selection) === text;
    hush();
    put("sentence", null);
    put("map-selection", same || !text ? null : sited(text));
  };

  const hush = () => document.querySelectorAll(".say.is-told").forEach((e) => e.classList.remove("is-told"));

  const say = (element) => {
    const facts = (element.dataset.facts || "").split(" ").filter(Boolean);
    const places = (element.dataset.places || "").split(" ").filter(Boolean);
    hush();
    element.classList.add("is-told");
    put("map-selection", places.length ? parsed(places[0]) : null);
    put("sentence", { facts, n: Date.now() });
  };

  const press = (id) => {
    const element = byId(id);
    if (element && !element.disabled) element.click();
  };

  const fileInput = () => document.querySelector("[data-file-label] input[type=file]");

  // The input is drawn late and again, by a component that gives it no name: it has one as soon as it
  // stands there, before anything else can read the page.
  const nameFileInput = () => {
    const input = fileInput();
    const name = input?.closest("[data-file-label]").dataset.fileLabel;
    if (!input || input.getAttribute("aria-label") === name) return;
    input.setAttribute("aria-label", name);
    // The button beside it does the same; read out, it would be a second one.
    input.tabIndex = -1;
    input.setAttribute("aria-hidden", "true");
  };
  new MutationObserver(nameFileInput).observe(document, {
    childList: true,
    subtree: true,
    attributeFilter: ["data-file-label"],
  });

  // What takes files is fetched late; whoever is quicker is served when it is there.
  const chooseFile = (until = performance.now() + 5000) => {
    const input = fileInput();
    if (input) {
      input.value = "";  // or the file chosen before, mended meanwhile, would be no change
      input.click();
    } else if (performance.now() < until) requestAnimationFrame(() => chooseFile(until));
  };

  const tab = (value, tabs) => window.dash_clientside.set_props(tabs, { value });

  document.addEventListener("click", (event) => {
    const asked = event.target.closest("[data-store]");
    if (event.target.closest("[data-choose]")) return chooseFile();
    if (asked) return put(asked.dataset.store, { value: asked.dataset.value, n: Date.now() });
    const target = event.target.closest("[data-clear],[data-press],[data-facts],[data-select]");
    if (!target || event.target.closest(".mantine-ActionIcon-root:not([data-clear])")) return;
    if (target.dataset.clear) return choose(null);
    if (target.dataset.press) return press(target.dataset.press);
    if (target.dataset.facts) return say(target);
    return choose(target.dataset.select);
  });

  const KEYS = {
    p: () => press("plan-open"),
    e: () => press("export-open"),
    1: () => tab("briefing", "side"),
    2: () => tab("shortfall", "side"),
    3: () => tab("ground", "side"),
    4: () => tab("changes", "side"),
    t: () => tab("timeline", "dock"),
    r: () => tab("routes", "dock"),
    d: () => { tab("ground", "side"); press("edit-draw"); },
    b: () => { tab("ground", "side"); press("edit-bridge"); },
    "?": () => press("help-open"),
  };

  document.addEventListener("keydown", (event) => {
    const focus = document.activeElement;
    if (focus && (/^(INPUT|TEXTAREA|SELECT)$/.test(focus.tagName) || focus.isContentEditable)) return;
    if ((event.ctrlKey || event.metaKey) && !event.altKey) {
      if (event.key === "z") { event.preventDefault(); press(event.shiftKey ? "edit-redo" : "edit-undo"); }
      if (event.key === "y") { event.preventDefault(); press("edit-redo"); }
      return;
    }
    if (event.altKey) return;
    if ((event.key === "Enter" || event.key === " ") && focus && focus.classList.contains("say")) {
      event.preventDefault();
      return say(focus);
    }
    if ([...document.querySelectorAll(".mantine-Modal-content")].some((e) => e.getClientRects().length)) return;
    if (event.key === "Escape" && byId("shown-marker")) {
      put("map-mode", "look");
      return choose(null);
    }
    const act = KEYS[event.key.toLowerCase()];
    if (act && byId("shown-marker")) act();
  });

  const show = (element) => {
    const box = element.closest(".lanes, .side-body");
    if (!box) return;
    const inner = element.getBoundingClientRect();
    const outer = box.getBoundingClientRect();
    if (inner.top < outer.top || inner.bottom > outer.bottom) {
      box.scrollTop += inner.top - outer.top - outer.height / 3;
    }
  };

  // What the table was told to select, and when: it tells it back a moment later.
  const told = new Map();
  const ECHO_MS = 1000;

  const markGrid = (chosen) => {
    if (chosen && chosen.kind === "convoy") told.set(chosen.id, Date.now());
    const grids = window.dash_ag_grid;
    if (!grids || !byId("routes")) return;
    grids.getApiAsync("routes").then((api) => {
      if (!api || api.isDestroyed()) return;
      api.forEachNode((node) => {
        const wanted = Boolean(chosen && chosen.kind === "convoy" && node.id === chosen.id);
        if (node.isSelected() !== wanted) node.setSelected(wanted, false, "api");
        if (wanted) api.ensureNodeVisible(node);
      });
    }).catch(() => {});
  };

  const mark = (chosen, related) => {
    const wanted = key(chosen);
    const near = new Set((wanted && related && related[wanted]) || []);
    let first = null;
    document.querySelectorAll("[data-select]").forEach((element) => {
      const name = element.dataset.select;
      element.classList.toggle("is-selected", name === wanted);
      element.classList.toggle("is-related", near.has(name));
      if (element.tagName === "BUTTON") element.setAttribute("aria-pressed", String(name === wanted));
      if (name === wanted && !element.closest(".inspector")) { show(element); }
    });
    document.querySelectorAll("[data-places]").forEach((element) => {
      const here = Boolean(wanted) && element.dataset.places.split(" ").includes(wanted);
      element.classList.toggle("is-selected", here);
      if (here && !first) first = element;
    });
    if (first && !document.querySelector(".say.is-told")) show(first);
    markGrid(chosen);
  };

  // The server escapes every text in it, see dashboard/markup.py.
  const write = (id) => (html) => {
    const host = byId(id);
    if (host && typeof html === "string") {
      host.innerHTML = html;
      const title = document.querySelector(".bar-title h1");
      if (title) document.title = `${title.textContent} \u2013 Convoi`;
      mark(selection, related);
    }
    return none();
  };

  const paint = (curve) => {
    const box = byId("solve-curve-drawn");
    if (!box) return;
    if (!curve || !curve.undelivered.length) { box.replaceChildren(); return; }
    const width = 200, height = 44, edge = 3;
    const path = (points) => "M" + points.map(([x, y]) =>
      `${(edge + x * (width - 2 * edge)).toFixed(1)} ${(height - edge - y * (height - 2 * edge)).toFixed(1)}`).join("L");
    const space = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(space, "svg");
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    for (const name of ["time", "undelivered"]) {
      const line = document.createElementNS(space, "path");
      line.setAttribute("d", path(curve[name]));
      line.setAttribute("class", `is-${name}`);
      svg.append(line);
    }
    box.replaceChildren(svg);
  };

  // A server that does not answer is told of here: no callback can. It is asked until it is back.
  const ask = window.fetch.bind(window);
  let waiting = null;
  const showLost = (lost) => {
    const notice = byId("lost");
    if (notice) notice.classList.toggle("is-hidden", !lost);
  };
  const back = (answer) => {
    if (!answer.ok) return;
    clearInterval(waiting);
    waiting = null;
    showLost(false);
  };
  window.fetch = (...asked) => ask(...asked).catch((error) => {
    if (error.name !== "AbortError" && !waiting) {
      showLost(true);
      waiting = setInterval(() => {
        showLost(true);  // on a page that was written anew meanwhile, too
        ask("/api/v1/health", { cache: "no-store" }).then(back, () => {});
      }, 2000);
    }
    throw error;
  });

  // What stays in view when the page is written anew in another language.
  const chosenTab = (id) => {
    const chosen = document.querySelector(`#${id} [role=tab][aria-selected=true]`);
    return chosen ? chosen.id.split("-").pop() : null;
  };
  const kept = () => (byId("shown-marker") ? { side: chosenTab("side"), dock: chosenTab("dock"), selection } : null);
  let place = null;

  // Files that this page asked for: each is fetched once, as soon as it is there.
  const wanted = new Set();
  const fetched = new Set();

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.convoi = {
    route(path, stored) {
      const spoken = stored || (navigator.language || "en").slice(0, 2);
      const now = spoken === "fr" ? "fr" : "en";
      // Address and language are told one after the other when a page is opened: written twice, it
      // would take the focus from whoever is quick.
      if (path === place && now === language) return none();
      const stays = path === place ? kept() : null;
      place = path;
      language = now;
      document.documentElement.lang = language;
      document.cookie = `convoi-language=${language}; path=/; SameSite=Strict`;
      if (path === "/") document.title = "Convoi";
      return { path, language, kept: stays };
    },
    language(value, route) {
      return !value || (route && route.language === value) ? none() : value;
    },
    write_timeline: write("timeline"),
    write_briefing: write("briefing"),
    write_shortfall: write("shortfall"),
    write_comparison: write("comparison"),
    faults() {
      // On a low screen they stand below the edge.
      requestAnimationFrame(() => requestAnimationFrame(() => byId("open-faults")?.scrollIntoView({ block: "nearest" })));
      return none();
    },
    help: (clicks) => Boolean(clicks),
    mark(chosen, together) {
      selection = chosen || null;
      related = together || {};
      mark(selection, related);
      requestAnimationFrame(() => requestAnimationFrame(() => mark(selection, related)));
      return none();
    },
    row(rows, chosen) {
      if (!rows || !rows.length) return none();
      const id = rows[0].convoy;
      if (Date.now() - (told.get(id) || 0) < ECHO_MS) return none();
      if (chosen && chosen.kind === "convoy" && chosen.id === id) return none();
      put("sentence", null);
      return { kind: "convoy", id };
    },
    fetch(token) {
      if (token && !fetched.has(token)) wanted.add(token);
      requestAnimationFrame(() => requestAnimationFrame(() => {
        for (const link of document.querySelectorAll("[data-fetch]")) {
          const name = link.dataset.fetch;
          if (!wanted.delete(name)) continue;
          fetched.add(name);
          link.click();
        }
      }));
      return none();
    },
    curve(curve) { paint(curve); return none(); },
    mode(draw, bridge, event, start, now) {
      // Whoever is quick, or meets a slow machine, may have done several things by the time of one call.
      const all = window.dash_clientside.callback_context.triggered.map((one) => one.prop_id);
      const by = new Set(all.map((name) => name.split(".")[0]));
      for (const [id, wanted] of [["edit-bridge", "pick_bridge"], ["edit-draw", "draw_area"]]) {
        if (by.has(id)) return now === wanted ? "look" : wanted;
      }
      // Who plans has finished with the ground.
      if (by.has("plan-start")) return now === "look" ? none() : "look";
      const over = event && ["area_drawn", "bridge_picked", "escape"].includes(event.type);
      return over && now !== "look" ? "look" : none();
    },
    hint(mode) {
      for (const [id, wanted] of [["edit-draw", "draw_area"], ["edit-bridge", "pick_bridge"]]) {
        const button = byId(id);
        if (button) button.setAttribute("aria-pressed", String(mode === wanted));
      }
      // The map itself says what to do; here only what was refused is told.
      return mode === "look" ? none() : null;
    },
    factor: (kind) => (kind === "slow" ? "" : "is-hidden"),
    budget: (kind, now) => (kind === "iterations" && now < 100 ? 300 : kind === "seconds" && now >= 100 ? 30 : none()),
  };
})();
