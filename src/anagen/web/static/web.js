// What forms gain with script: buttons that step a number, and a slider beside its box. Everything works without.
"use strict";
(() => {
  const change = (box, value, by) => {
    const low = Number(box.min), high = Number(box.max);
    const places = Math.max(...[by, box.value].map((said) => (String(said).split(".")[1] || "").length));
    box.value = Number(Math.min(high, Math.max(low, value)).toFixed(places));
    box.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const equip = (frame) => {
    const box = frame.querySelector("input[type=number]");
    const row = frame.querySelector(".stepper");
    if (!box || row.querySelector("button")) return;
    const name = frame.querySelector("label").textContent.trim().replace(/\s+/g, " ");
    const step = frame.dataset.by || box.step; // where any number may be typed, what the buttons and the slider go by
    for (const [sign, by] of [["−", -1], ["+", 1]]) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "quiet";
      button.textContent = sign;
      button.setAttribute("aria-label", `${by < 0 ? "less" : "more"}: ${name}`);
      button.addEventListener("click", () => change(box, Number(box.value) + by * Number(step), step));
      by < 0 ? row.prepend(button) : row.append(button);
    }
    const slider = document.createElement("input");
    slider.type = "range";
    slider.setAttribute("aria-label", name);
    for (const [key, value] of Object.entries({ min: box.min, max: box.max, step, value: box.value })) slider[key] = value;
    slider.addEventListener("input", () => change(box, Number(slider.value), step));
    box.addEventListener("input", () => { slider.value = box.value; });
    row.after(slider);
  };
  const equipAll = (root) => root.querySelectorAll("[data-step]").forEach(equip);
  document.addEventListener("DOMContentLoaded", () => equipAll(document));
  document.addEventListener("htmx:load", (event) => equipAll(event.target));
})();
