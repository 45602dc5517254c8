// The studio's own module: writing at a cell, counting, the keyboard, dropping files. htmx does the rest.
// It is served as it is written here. Types are told in comments, and `tsc` checks them (make check).
// @ts-check

/** @typedef {{most: number|null, advised: number|null, unit: string}} Limit */
/** @typedef {{fields: Record<string, Record<string, Limit>>, wide: [number, number][]}} Limits */
/** @typedef {{ajax: (verb: string, path: string, options: object) => Promise<void>}} Htmx */

const SAVE_MS = 700;
const PANEL_MS = 150;
const NEAR = 0.9;

/** @type {HTMLElement|null} */
const sheet = document.querySelector("[data-sheet]");
const tip = document.getElementById("tip");

/** @returns {Htmx} */
const htmx = () => /** @type {any} */ (window).htmx;

/** Count as the channel does: code points, bytes of UTF-8, or full-width letters with the others as halves.
 * @param {string} text @param {string} unit @param {[number, number][]} wide */
export function count(text, unit, wide) {
  if (unit === "bytes") return new TextEncoder().encode(text).length;
  let size = 0;
  for (const letter of text) size += unit !== "full-width" || isWide(letter.codePointAt(0) ?? 0, wide) ? 1 : 0.5;
  return size;
}

/** @param {number} code @param {[number, number][]} wide */
function isWide(code, wide) {
  let low = 0;
  let high = wide.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (code < wide[middle][0]) high = middle - 1;
    else if (code > wide[middle][1]) low = middle + 1;
    else return true;
  }
  return false;
}

/** Say something to who looks, and to who listens. @param {string} words */
function say(words) {
  const said = document.getElementById("said");
  if (!said) return;
  said.textContent = words;
  said.hidden = false;
}

// A sentence goes after a while; a new one has its time again.
let hiding = 0;
new MutationObserver(() => {
  clearTimeout(hiding);
  hiding = setTimeout(() => document.getElementById("said")?.setAttribute("hidden", ""), 6000);
}).observe(document.body, { childList: true });

// ---- Writing at a cell: one field, which goes to the cell that has the focus ----

const area = document.createElement("textarea");
area.className = "writing";
area.rows = 1;

/** What is being written at: the cell, what was saved of it last.
 * @type {{td: HTMLElement, text: HTMLElement, saved: string}|null} */
let open = null;
let saving = 0;
let showing = 0;

/** @type {Limits} */
let limits = { fields: {}, wide: [] };
if (sheet) fetch(sheet.dataset.sheet ?? "").then((reply) => reply.json()).then((told) => { limits = told; });

/** @param {HTMLElement} td */
const footOf = (td) => /** @type {HTMLElement} */ (td.querySelector(".foot"));

/** @param {HTMLElement} td */
function begin(td) {
  const text = /** @type {HTMLElement} */ (td.querySelector(".text"));
  const held = text.textContent ?? "";
  open = { td, text, saved: held };
  wanted = false;
  area.value = held;
  area.lang = text.lang;
  area.dir = text.dir;
  area.setAttribute("aria-labelledby", text.getAttribute("aria-labelledby") ?? "");
  area.style.minBlockSize = `${text.offsetHeight}px`;
  text.hidden = true;
  text.after(area);
  td.classList.add("writes");
  wait(td, true);
  area.focus({ preventScroll: true });
  clearTimeout(showing);
  showing = setTimeout(() => show(td), PANEL_MS);
}

/** While somebody writes in a group it is not sent anew. @param {HTMLElement} td @param {boolean} held */
function wait(td, held) {
  const waiting = td.closest(".group")?.querySelector(":scope > input");
  if (waiting instanceof HTMLInputElement) waiting.disabled = held;
}

/** Whether somebody is in the panel, or on the way to it. */
let wanted = false;

/** The panel about a cell. @param {HTMLElement} td */
function show(td) {
  wanted ||= document.getElementById("inspector")?.contains(document.activeElement) ?? false;
  return htmx().ajax("GET", `/studio/cells/${td.dataset.cell}`, { target: "#inspector", swap: "outerHTML" });
}

// Who was in the panel stays in it when it is sent anew.
document.addEventListener("htmx:after:swap", () => {
  if (wanted && document.activeElement === document.body) document.getElementById("inspector")?.focus();
});

function end() {
  if (!open) return;
  const { td, text } = open;
  clearTimeout(saving);
  save(false);
  if ((text.textContent ?? "") !== area.value) text.textContent = area.value;
  text.hidden = false;
  area.remove();
  td.classList.remove("writes");
  wait(td, false);
  open = null;
}

/** Saves go one after the other. */
let running = Promise.resolve();

/** Send what was written, after what is being sent. @param {boolean} still whether it is still written at */
function save(still) {
  const now = open;
  const text = area.value;
  if (now) running = running.then(() => saved(now, text, still));
  return running;
}

/** @param {NonNullable<typeof open>} now @param {string} text @param {boolean} still */
async function saved(now, text, still) {
  const td = document.getElementById(now.td.id);
  if (text === now.saved || !td || td.querySelector(".clash")) return;
  note(td, sheet?.dataset.saving ?? "");
  const values = { text, version: footOf(td).dataset.version, ...(still && open === now ? { open: "1" } : {}) };
  if (await send(td, `/studio/cells/${td.dataset.cell}/text`, values)) return note(td, sheet?.dataset["notSaved"] ?? "");
  now.saved = text;
  td.classList.remove("approved", "rejected");
  if (open === now) show(td);
}

/** @param {HTMLElement} td @param {string} words */
function note(td, words) {
  const foot = footOf(td);
  const known = foot.querySelector(".note") ?? foot.appendChild(Object.assign(document.createElement("small"), { className: "note" }));
  known.textContent = words;
}

/** Post something about a cell; whether it did not arrive.
 * @param {HTMLElement} td @param {string} path @param {object} values */
async function send(td, path, values) {
  let failed = false;
  const fail = () => { failed = true; };
  td.addEventListener("htmx:error", fail);
  await htmx().ajax("POST", path, { source: td, swap: "none", values });
  td.removeEventListener("htmx:error", fail);
  return failed;
}

function later() {
  clearTimeout(saving);
  saving = setTimeout(() => save(true), SAVE_MS);
}

function counted() {
  if (!open) return;
  const { td } = open;
  const limit = limits.fields[td.dataset.locale ?? ""]?.[td.dataset.field ?? ""];
  const size = count(area.value, limit?.unit ?? "characters", limits.wide);
  const shown = footOf(td).querySelector(".count");
  if (!shown) return;
  const most = limit?.most;
  shown.textContent = most ? `${size}/${most}` : `${size}`;
  shown.className = most && size > most ? "count over" : most && size >= NEAR * most ? "count near" : "count";
}

area.addEventListener("input", () => { counted(); later(); });
// Whoever looks at another window is still writing.
area.addEventListener("blur", () => { if (document.hasFocus()) end(); else save(true); });

document.addEventListener("focusin", (event) => {
  const text = event.target;
  if (!(text instanceof HTMLElement) || !text.matches(".cell > .text")) return;
  const td = /** @type {HTMLElement} */ (text.closest(".cell"));
  if (open?.td !== td) { end(); begin(td); }
});

// A cell that is sent anew for what a key did takes the field in again; what a button did to one the panel shows.
let again = "";
new MutationObserver((changes) => {
  const panel = document.getElementById("inspector");
  for (const change of changes) {
    for (const td of change.addedNodes) {
      if (!(td instanceof HTMLElement) || !td.matches(".cell")) continue;
      if (again === td.id) {
        again = "";
        open = null;
        area.remove();
        begin(td);
      } else if (panel?.dataset.about === td.dataset.cell) show(td);
    }
  }
}).observe(sheet ?? document.head, { childList: true, subtree: true });

// ---- The keyboard ----

/** The cells that are shown, in their order. @returns {HTMLElement[]} */
const cells = () => [...(sheet?.querySelectorAll(".cell") ?? [])].map((td) => /** @type {HTMLElement} */ (td));

/** Go to the cell that comes next, of all or of those that are flagged. @param {HTMLElement} from @param {boolean} flagged @param {number} step */
function go(from, flagged, step = 1) {
  const all = cells();
  const at = all.findIndex((td) => td.id === from.id);
  for (let place = at + step; place >= 0 && place < all.length; place += step) {
    if (flagged && !all[place].matches(".flagged")) continue;
    /** @type {HTMLElement} */ (all[place].querySelector(".text")).focus();
    all[place].scrollIntoView({ block: "nearest", inline: "nearest" });
    return true;
  }
  return false;
}

async function approve() {
  if (!open) return;
  const { td } = open;
  clearTimeout(saving);
  await save(true);
  go(td, false);
  await running;
  const version = footOf(document.getElementById(td.id) ?? td).dataset.version;
  await send(td, `/studio/cells/${td.dataset.cell}/decision`, { state: "approved", version });
}

/** Put right the first thing that one click can. */
async function fix() {
  if (!open) return;
  const { td } = open;
  clearTimeout(saving);
  await save(true);
  const button = td.querySelector("[data-fix]");
  if (!(button instanceof HTMLElement)) return;
  again = td.id;
  button.click();
}

area.addEventListener("keydown", (event) => {
  if (!open || event.isComposing) return;
  const { td } = open;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) approve();
  else if (event.key === "Enter" && event.altKey) fix();
  else if (event.altKey && event.key === "ArrowDown") go(td, true);
  else if (event.altKey && event.key === "ArrowUp") go(td, true, -1);
  else if (event.key === "Escape") {
    event.stopPropagation();
    wanted = true;
    document.getElementById("inspector")?.focus();
  }
  else return;
  event.preventDefault();
});

document.addEventListener("keydown", (event) => {
  const panel = document.getElementById("inspector");
  if (event.key !== "Escape" || !panel?.contains(document.activeElement)) return;
  /** @type {HTMLElement|null} */ (document.querySelector(`#c${panel.dataset.about} .text`))?.focus();
});

// ---- The facts behind words ----

/** @param {HTMLElement} words */
function explain(words) {
  if (!tip) return;
  const group = words.closest(".group");
  const lines = (words.dataset.facts ?? "").split("\n").map((id) => group?.querySelector(`[data-fact="${CSS.escape(id)}"]`)?.textContent ?? id);
  tip.textContent = lines.join("\n");
  tip.hidden = false;
  const box = words.getBoundingClientRect();
  const wide = tip.offsetWidth;
  tip.style.insetInlineStart = "auto";
  tip.style.left = `${Math.max(8, Math.min(box.left, innerWidth - wide - 8))}px`;
  tip.style.top = `${box.bottom + 6 + tip.offsetHeight > innerHeight ? box.top - tip.offsetHeight - 6 : box.bottom + 6}px`;
}

sheet?.addEventListener("pointerover", (event) => {
  const words = event.target instanceof Element ? event.target.closest(".borne") : null;
  if (words instanceof HTMLElement) explain(words);
  else if (tip) tip.hidden = true;
});
sheet?.addEventListener("scroll", () => { if (tip) tip.hidden = true; }, { passive: true });

// ---- Files ----

/** @param {HTMLElement} place @param {string} path @param {File} file */
async function upload(place, path, file) {
  const words = place.querySelector("b");
  const before = words?.textContent ?? "";
  if (words) words.textContent = place.dataset.reading ?? "";
  const to = `${path}${path.includes("?") ? "&" : "?"}name=${encodeURIComponent(file.name)}`;
  try {
    const reply = await fetch(to, { method: "POST", body: file, headers: { "content-type": "application/octet-stream" } });
    const told = await reply.json();
    if (told.go) location.assign(told.go);
    else if (told.message) sayAndStay(told.message, reply.ok);
    else say(told.error?.message ?? reply.statusText);
  } catch (fault) {
    say(String(fault));
  }
  if (words) words.textContent = before;
}

/** Say what an import came to on the page that shows it. @param {string} words @param {boolean} fresh */
function sayAndStay(words, fresh) {
  if (!fresh) return say(words);
  sessionStorage.setItem("studio-said", words);
  location.reload();
}

const kept = sessionStorage.getItem("studio-said");
if (kept) {
  sessionStorage.removeItem("studio-said");
  say(kept);
}

for (const field of document.querySelectorAll("input[data-upload]")) {
  if (!(field instanceof HTMLInputElement)) continue;
  const place = /** @type {HTMLElement} */ (field.closest("label"));
  const path = field.dataset.upload ?? "";
  const read = () => { if (field.files?.[0]) upload(place, path, field.files[0]); };
  field.addEventListener("change", read);
  read(); // what was chosen while the page was still loading
  place.addEventListener("dragover", (event) => { event.preventDefault(); place.classList.add("over"); });
  place.addEventListener("dragleave", () => place.classList.remove("over"));
  place.addEventListener("drop", (event) => {
    event.preventDefault();
    place.classList.remove("over");
    if (event.dataTransfer?.files[0]) upload(place, path, event.dataTransfer.files[0]);
  });
}

// A menu closes when one turns to something else.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (event.target instanceof Node && !menu.contains(event.target)) menu.removeAttribute("open");
  }
});
