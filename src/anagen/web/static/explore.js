// The dose explorer follows its form: one request at a time, and after each the latest state, however fast it changes.
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const form = document.getElementById("explore"), result = document.getElementById("result");
  if (!form || !window.htmx) return;
  const TYPING = 250;
  let busy = false, jump = false, again = false, timer = 0, open = [];
  const follow = () => {
    if (busy) { again = true; return; }
    again = false;
    window.htmx.trigger(form, "follow");
  };
  form.addEventListener("input", (event) => {
    window.clearTimeout(timer);
    const typed = event.target.matches("textarea");
    timer = window.setTimeout(follow, typed ? TYPING : 0);
  });
  // Who sends the form, with Enter say, wants the results; who moves a control stays where it is.
  form.addEventListener("submit", (event) => { jump = !(event.submitter && event.submitter.name); });
  form.addEventListener("htmx:beforeRequest", (event) => { if (event.target === form) busy = true; });
  form.addEventListener("htmx:afterRequest", (event) => {
    if (event.target !== form) return;
    busy = false;
    if (again) window.setTimeout(follow, 0); // when htmx has put this request away
  });
  // What was folded open in the results stays open, and what had the focus keeps it.
  const name = (one) => one.id || `${one.closest("[id]").id} ${one.querySelector("summary").textContent}`;
  let held = "";
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target !== result) return;
    open = [...result.querySelectorAll("details[open]")].map(name);
    const details = result.contains(document.activeElement) && document.activeElement.closest("details");
    held = details ? name(details) : "";
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target !== result) return;
    if (jump && result.getBoundingClientRect().top > window.innerHeight / 2) {
      result.scrollIntoView();
      result.focus({ preventScroll: true });
    }
    jump = false;
    for (const one of result.querySelectorAll("details")) {
      one.open = open.includes(name(one));
      if (held && name(one) === held) one.querySelector("summary").focus({ preventScroll: true });
    }
  });
  const copy = document.getElementById("copy");
  if (copy && navigator.clipboard) {
    copy.hidden = false;
    copy.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById("explore-link").value);
      copy.textContent = "Copied";
      window.setTimeout(() => { copy.textContent = "Copy"; }, 2000);
    });
  }
});
