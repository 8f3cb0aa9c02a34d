// What the pages of a trial gain with script: an opened file stands in the text, a fault leads to its line, and a
// trial on its way is followed. Everything works without.
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const text = document.getElementById("trial-text");
  const file = document.getElementById("trial-file");
  const verdict = document.getElementById("verdict");

  file?.addEventListener("change", async () => {
    if (!file.files.length) return;
    text.value = (await file.files[0].slice(0, 400000).text()).replace(/\r\n/g, "\n");
    file.value = "";
    text.dispatchEvent(new Event("input", { bubbles: true }));
    text.focus();
  });

  // On a phone the line is wider than the screen: the place that is marked is brought into sight.
  const sight = () => {
    const place = verdict.querySelector(".where");
    if (!place) return;
    const lines = place.textContent.split("\n"), longest = Math.max(...lines.map((line) => line.length));
    place.scrollLeft = (lines[lines.length - 1].indexOf("^") / longest) * place.scrollWidth - place.clientWidth / 3;
  };

  // "line 14" of a fault: a button that marks the line in the text.
  const lead = () => {
    const title = verdict.querySelector("#fault .problem-title");
    const found = title && /^trial\.toml, line (\d+)/.exec(title.textContent);
    if (!found || verdict.querySelector(".lead")) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "quiet lead";
    button.textContent = `Show line ${found[1]}`;
    button.addEventListener("click", () => {
      const lines = text.value.split("\n"), place = Math.min(Number(found[1]), lines.length) - 1;
      const start = lines.slice(0, place).join("\n").length + (place ? 1 : 0);
      text.focus();
      text.setSelectionRange(start, start + lines[place].length);
      text.scrollTop = Math.max(0, (place - 5) * (text.scrollHeight / lines.length));
    });
    title.parentElement.append(button);
  };
  if (verdict) {
    lead();
    sight();
    document.body.addEventListener("htmx:afterSwap", (event) => {
      if (event.target !== verdict) return;
      lead();
      sight();
      const said = verdict.querySelector(".problem-title, .fine");
      document.getElementById("verdict-said").textContent = said ? said.textContent.replace("✓", "").trim() : "";
    });
  }

  const job = document.getElementById("job");
  if (!job) return;
  job.querySelector(".look-again").hidden = true;
  const bar = document.getElementById("job-share");
  let told = -1;
  const show = (state) => {
    document.getElementById("job-says").textContent = state.says;
    if (state.share > 0) bar.value = 100 * state.share;
    const quarter = `${state.state} ${Math.floor(4 * state.share)}`;
    if (quarter !== told) document.getElementById("job-said").textContent = state.says; // not every change is read aloud
    told = quarter;
  };
  const source = new EventSource(job.dataset.events);
  source.addEventListener("progress", (event) => show(JSON.parse(event.data)));
  source.addEventListener("end", () => { source.close(); location.reload(); });
  addEventListener("pagehide", () => source.close());
});
