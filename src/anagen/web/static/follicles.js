// The follicle view with script: all weeks are fetched once; slider, keys and play draw them. Nothing plays by itself.
"use strict";
(() => {
  const TURN = 137, PACE = 350, CALM_PACE = 1000, QUIET = 500;
  const SVG = "http://www.w3.org/2000/svg";
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
  const pairs = (text) => [...text.matchAll(/(\d+)([a-z])/g)].map((found) => [Number(found[1]), found[2]]);
  let held = null; // the week that was shown last, so that another scalp begins there
  const set = (root, selector, text) => root.querySelectorAll(selector).forEach((one) => { one.textContent = text; });

  const filled = (scalp, week) => {
    const at = (name) => (scalp.counts[name] ? scalp.counts[name][week] : 0);
    const values = {
      week, all: scalp.all, shed: scalp.shed[week], anagen: at("anagen"), catagen: at("catagen"), struck: at("struck"),
      resting: at("telogen") + at("exogen"), empty: at("kenogen") + at("repair"),
    };
    return scalp.sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  };

  // The letters of every follicle in every week, from those of week 0 and the changes.
  const unfolded = (scalp) => {
    const weeks = [scalp.start.split("")];
    for (const change of scalp.changes.slice(1)) {
      const next = weeks[weeks.length - 1].slice();
      for (const [follicle, letter] of pairs(change)) next[follicle] = letter;
      weeks.push(next);
    }
    return weeks;
  };

  const draw = (scalp, week) => {
    const patch = document.getElementById(`patch-${scalp.letter}`), frame = patch.closest(".scalp");
    const hairs = patch.querySelectorAll(".hairs use");
    hairs.forEach((use, follicle) => {
      const shape = `#hair-${scalp.letters[week][follicle]}`;
      if (use.getAttribute("href") !== shape) use.setAttribute("href", shape);
    });
    const fallen = pairs(scalp.fallen[week]).map(([follicle, how]) => {
      const use = document.createElementNS(SVG, "use");
      const place = hairs[follicle].getAttribute("transform").split(" ")[0];
      use.setAttribute("href", how === "b" ? "#hair-broken" : "#hair-club");
      use.setAttribute("transform", `${place} rotate(${(follicle * TURN) % 360})`);
      return use;
    });
    patch.querySelector(".fallen").replaceChildren(...fallen);
    for (const name of Object.keys(scalp.counts)) {
      set(frame, `[data-count=${name}]`, scalp.counts[name][week]);
      set(frame, `[data-percent=${name}]`, scalp.percent[name][week]);
    }
    set(frame, "[data-short]", scalp.short[week]);
    set(frame, "[data-fell]", fallen.length);
    set(frame, "[data-shed]", scalp.shed[week]);
    set(frame, "[data-density]", scalp.density[week]);
    set(frame, ".said", filled(scalp, week));
  };

  const start = async () => {
    const root = document.getElementById("scalps");
    if (!root || root.dataset.begun) return;
    root.dataset.begun = "yes";
    const play = document.getElementById("play"), box = document.getElementById("week");
    const last = Number(root.dataset.last), said = document.getElementById("week-said");
    let week = Number(root.dataset.week), data = null, timer = 0, later = 0;

    const tell = () => {
      window.clearTimeout(later);
      later = window.setTimeout(() => {
        if (!root.isConnected) return;
        said.textContent = data.scalps.map((one) => (data.scalps.length > 1 ? `${one.letter}. ` : "") + filled(one, week)).join(" ");
        const address = new URL(window.location.href);
        week ? address.searchParams.set("week", week) : address.searchParams.delete("week");
        window.history.replaceState(window.history.state, "", address);
      }, QUIET);
    };
    const show = (to) => {
      week = held = Math.min(last, Math.max(0, to));
      if (!data) return;
      data.scalps.forEach((scalp) => draw(scalp, week));
      document.querySelectorAll(".week-line").forEach((line) => {
        const from = Number(line.dataset.from), to = Number(line.dataset.to);
        const x = from + ((to - from) * week) / last;
        line.setAttribute("x1", x);
        line.setAttribute("x2", x);
      });
      set(document, "[data-week-here]", week);
      if (!timer) tell();
    };
    const put = (to) => {
      box.value = Math.min(last, Math.max(0, to));
      box.dispatchEvent(new Event("input", { bubbles: true }));
    };
    const stop = () => {
      if (!timer) return;
      window.clearInterval(timer);
      timer = 0;
      root.classList.remove("moving");
      play.setAttribute("aria-pressed", "false");
      play.querySelector(".play-sign").textContent = "▶";
      play.querySelector(".play-word").textContent = "Play";
      if (data) tell();
    };
    const begin = () => {
      if (week >= last) put(0);
      root.classList.add("moving");
      play.setAttribute("aria-pressed", "true");
      play.querySelector(".play-sign").textContent = "❚❚";
      play.querySelector(".play-word").textContent = "Pause";
      timer = window.setInterval(() => {
        if (!root.isConnected) { window.clearInterval(timer); return; }
        if (week >= last) { stop(); return; }
        put(week + 1);
      }, calm.matches ? CALM_PACE : PACE);
    };

    box.addEventListener("input", () => {
      const to = Number(box.value);
      if (box.value !== "" && Number.isInteger(to) && to >= 0 && to <= last) show(to);
    });
    box.form.addEventListener("submit", (event) => { if (data) event.preventDefault(); });
    play.addEventListener("click", () => (timer ? stop() : begin()));
    root.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey || event.target !== pad) return;
      const step = { ArrowLeft: week - 1, ArrowRight: week + 1, PageUp: week + 4, PageDown: week - 4, Home: 0, End: last }[event.key];
      if (step !== undefined) { stop(); put(step); event.preventDefault(); }
      if (event.key === " ") { timer ? stop() : begin(); event.preventDefault(); }
    });
    const pad = root.querySelector(".scalps");
    pad.tabIndex = 0;
    pad.setAttribute("role", "group");
    pad.setAttribute("aria-label", "Scalps. Arrow keys change the week, space plays and pauses.");

    const answer = await fetch(root.dataset.weeks, { headers: { accept: "application/json" } });
    if (!answer.ok || !root.isConnected) return;
    const found = await answer.json();
    found.scalps.forEach((scalp) => { scalp.letters = unfolded(scalp); });
    data = found;
    play.hidden = false;
    root.querySelector(".steps").hidden = true;
    if (held !== null) put(held);
  };

  document.addEventListener("DOMContentLoaded", start);
  document.addEventListener("htmx:load", start);
})();
