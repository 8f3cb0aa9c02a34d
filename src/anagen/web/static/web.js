// What forms gain with script: buttons that step a number, and a slider beside its box. Everything works without.
"use strict";
(() => {
  const change = (box, value) => {
    const low = Number(box.min), high = Number(box.max);
    const places = (box.step.split(".")[1] || "").length;
    box.value = Math.min(high, Math.max(low, value)).toFixed(places).replace(/\.?0+$/, (found) => found.startsWith(".") ? "" : found);
    box.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const equip = (frame) => {
    const box = frame.querySelector("input[type=number]");
    const row = frame.querySelector(".stepper");
    if (!box || row.querySelector("button")) return;
    const name = frame.querySelector("label").textContent.trim();
    for (const [sign, by] of [["−", -1], ["+", 1]]) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "quiet";
      button.textContent = sign;
      button.setAttribute("aria-label", `${by < 0 ? "less" : "more"}: ${name}`);
      button.addEventListener("click", () => change(box, Number(box.value) + by * Number(box.step)));
      by < 0 ? row.prepend(button) : row.append(button);
    }
    const slider = document.createElement("input");
    slider.type = "range";
    slider.setAttribute("aria-label", name);
    for (const key of ["min", "max", "step", "value"]) slider[key] = box[key];
    slider.addEventListener("input", () => change(box, Number(slider.value)));
    box.addEventListener("input", () => { slider.value = box.value; });
    row.after(slider);
  };
  const equipAll = (root) => root.querySelectorAll("[data-step]").forEach(equip);
  document.addEventListener("DOMContentLoaded", () => equipAll(document));
  document.addEventListener("htmx:load", (event) => equipAll(event.target));
})();
