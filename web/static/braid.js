// What Braid does beyond plain pages. Everything works without it: this file
// copies, narrows, warns and keeps, and never decides. Words come from the
// page (#script-words), in its language.
"use strict";

const words = document.getElementById("script-words")?.dataset ?? {};
const say = (id, n) => (words[id] ?? "").replace("%", n ?? "");

// announce tells everyone, eyes or ears, what a key or button did.
function announce(text, beside) {
  const says = document.getElementById("script-says");
  if (says) {
    says.textContent = "";
    setTimeout(() => { says.textContent = text; }, 50);
  }
  if (!beside) return;
  let seen = beside.parentElement.querySelector(".said");
  if (!seen) {
    seen = document.createElement("span");
    seen.className = "said";
    seen.setAttribute("aria-hidden", "true"); // the live region has said it
    beside.after(" ", seen);
  }
  seen.textContent = text;
  clearTimeout(seen.timer);
  seen.timer = setTimeout(() => seen.remove(), 8000);
}

// Buttons that only a script can serve stand hidden in the page.
for (const b of document.querySelectorAll("[data-copy], [data-copy-link], [data-print], [data-script]")) {
  b.hidden = false;
  if (b.parentElement.matches("li")) b.parentElement.hidden = false;
}

// Errors: the summary takes focus, its links the field.
const summary = document.querySelector("[data-error-summary]");
if (summary) {
  summary.focus();
  summary.addEventListener("click", e => {
    const link = e.target.closest("a[href^='#']");
    const field = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!field) return;
    e.preventDefault();
    const label = field.closest("fieldset")?.querySelector("legend") ?? document.querySelector(`label[for="${CSS.escape(field.id)}"]`);
    (label ?? field).scrollIntoView();
    field.focus({ preventScroll: true });
  });
}

// Copy a table: tab-separated, plain numbers. A cell's data-value is its number
// or date as a spreadsheet takes it.
function cellText(cell) {
  if (cell.classList.contains("none")) return "";
  const value = cell.dataset.value ?? cell.querySelector("[data-value]")?.dataset.value;
  if (value !== undefined) return value;
  const copy = cell.cloneNode(true);
  for (const hidden of copy.querySelectorAll(".hidden, [hidden], .hint")) hidden.remove();
  const field = cell.querySelector("input:not([type=hidden])");
  const text = field ? field.value.trim() : copy.textContent.replace(/\s+/g, " ").trim();
  const amount = pence(text);
  return (field || cell.classList.contains("num")) && Number.isFinite(amount) ? plain(amount) : text;
}
function tsv(table) {
  const safe = text => /^[=+@\t\r]|^-(?![\d.])/.test(text) ? "'" + text : text; // no formula from a name
  return [...table.rows].map(row => [...row.cells].flatMap(cell =>
    [safe(cellText(cell)), ...Array(cell.colSpan - 1).fill("")]).join("\t")).join("\r\n") + "\r\n";
}
async function copy(text, button, done) {
  try {
    await navigator.clipboard.writeText(text);
    announce(done, button);
  } catch {
    // Plain HTTP has no clipboard: the old way, from a box of its own.
    const box = document.createElement("textarea");
    box.value = text;
    box.className = "hidden";
    button.after(box);
    box.select();
    const copied = document.execCommand("copy");
    box.remove();
    button.focus();
    announce(copied ? done : say("notCopied"), button);
  }
}
document.addEventListener("click", e => {
  const button = e.target.closest("button");
  if (!button) return;
  if ("copy" in button.dataset) {
    const at = document.getElementById(button.dataset.copy);
    const table = at?.matches("table") ? at : at?.querySelector("table");
    if (table) copy(tsv(table), button, say("copied"));
  } else if ("copyLink" in button.dataset) {
    copy(new URL(button.dataset.copyLink || location.href, location.href).href, button, say("linkCopied"));
  } else if ("print" in button.dataset) {
    print();
  }
});

// Amounts in whole pence, as people write them; null is none, "?" not known,
// NaN unreadable. The server reads them again, by the same rules.
function pence(text) {
  let s = text.trim();
  if (s === "" || s === "-" || s === "–") return null;
  if (/^(\?|n\/a|tbc|not known)$/i.test(s)) return "?";
  let sign = 1;
  const signs = /^\(.*\)$|^[-−]|[-−]$|^£[-−(]/;
  if (signs.test(s)) {
    sign = -1;
    s = s.replace(/^\((.*)\)$/, "$1").replace(/^£\((.*)\)$/, "£$1").replace(/^[-−]|[-−]$/, "").replace(/^£[-−]/, "£");
  }
  const m = /^£?(\d{1,14}|[1-9]\d{0,2}(?:,\d{3})+)(?:\.(\d+))?([km]?)$/i.exec(s);
  if (!m) return NaN;
  const places = { "": 2, k: 5, m: 8 }[m[3].toLowerCase()];
  const decimals = m[2] ?? "";
  if (decimals.length > places) return NaN;
  const n = Number(m[1].replaceAll(",", "") + decimals.padEnd(places, "0"));
  return n <= 1e13 ? sign * n : NaN; // £100,000,000,000, as the ledger has it
}
function plain(n) {
  const size = Math.abs(n), part = size % 100;
  return (n < 0 ? "-" : "") + (size - part) / 100 + (part ? "." + String(part).padStart(2, "0") : "");
}
function pounds(n) {
  const [whole, part] = plain(Math.abs(n)).split(".");
  return (n < 0 ? "−" : "") + "£" + whole.replace(/\B(?=(\d{3})+$)/g, ",") + (part ? "." + part : "");
}

// A long list of choices can be narrowed by typing. The box has no name: it is
// never sent.
document.querySelectorAll("[data-narrow]").forEach((list, i) => {
  const choices = [...list.querySelectorAll(".choice")];
  if (choices.length < 9) return;
  const label = document.createElement("label"), box = document.createElement("input");
  box.type = "text";
  box.id = "narrow-" + i;
  box.className = "narrowing";
  box.autocomplete = "off";
  label.htmlFor = box.id;
  label.className = "hint";
  label.textContent = say("narrow") + " " + list.dataset.narrow;
  list.before(label, box);
  const fold = text => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const texts = choices.map(c => fold(c.textContent));
  box.addEventListener("input", () => {
    const wanted = fold(box.value.trim());
    let shown = 0;
    choices.forEach((c, j) => {
      c.hidden = !texts[j].includes(wanted) && !c.querySelector("input").checked; // what is chosen stays in sight
      if (!c.hidden) shown++;
    });
    announce(say("narrowed", shown));
  });
  box.addEventListener("keydown", e => { if (e.key === "Enter") e.preventDefault(); });
});
if (matchMedia("(max-width: 60em)").matches) {
  for (const panel of document.querySelectorAll("[data-filters] > details")) panel.open = false;
}

// Show and hide: a choice's further question, and a password.
for (const shower of document.querySelectorAll("[data-shows]")) {
  const target = document.getElementById(shower.dataset.shows);
  if (!target) continue;
  const set = () => { target.hidden = !shower.checked; };
  for (const one of document.getElementsByName(shower.name)) one.addEventListener("change", set);
  set();
}
for (const password of document.querySelectorAll("input[type=password]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "second small";
  button.setAttribute("aria-controls", password.id);
  const set = shown => {
    password.type = shown ? "text" : "password";
    button.textContent = say(shown ? "hide" : "show");
    button.setAttribute("aria-pressed", shown);
  };
  set(false);
  button.addEventListener("click", () => set(password.type === "password"));
  password.form?.addEventListener("submit", () => set(false)); // or the browser remembers it as text
  password.after(" ", button);
}

// Forms keep what is typed: a warning before leaving, and, when a sign-in
// lapses, a copy in this tab alone, put back on return and then thrown away.
const typed = form => [...form.elements].filter(f => f.name && f.matches("textarea, select, input:not([type=hidden], [type=password], [type=file])"));
const changed = f => f.type === "checkbox" || f.type === "radio" ? f.checked !== f.defaultChecked
  : f.tagName === "SELECT" ? [...f.options].some(o => o.selected !== o.defaultSelected) && f.selectedIndex !== Math.max(0, [...f.options].findIndex(o => o.defaultSelected))
  : f.value !== f.defaultValue;
const forms = [...document.querySelectorAll("form[method=post]")].filter(f => typed(f).length);
let leaving = false;
for (const form of forms) form.addEventListener("submit", e => { if (!e.defaultPrevented) leaving = true; });
// What the server sends back with errors, or to be checked, is typed and not saved.
const held = form => "unsaved" in form.dataset || form.querySelector("[aria-invalid=true]") !== null;
const unsaved = () => forms.filter(f => !f.querySelector("[autocomplete$=password]") && (held(f) || typed(f).some(changed)));
addEventListener("beforeunload", e => { if (!leaving && unsaved().length) e.preventDefault(); });
addEventListener("pageshow", () => { leaving = false; });

const timeout = document.getElementById("session-warning");
const shelf = form => "braid-typed " + (timeout?.dataset.person ?? "") + " " + location.pathname.replace(/^\/(en|cy)/, "") + " " + forms.indexOf(form);
const away = () => { // to signing in, and back to this page
  keepTyped();
  leaving = true;
  location.replace(location.pathname + location.search);
};
function keepTyped() {
  for (const form of unsaved()) {
    const kept = typed(form).map((f, i) => (held(form) || changed(f)) && [i, f.name, f.type === "checkbox" || f.type === "radio" ? f.checked : f.value]).filter(Boolean);
    try { sessionStorage.setItem(shelf(form), JSON.stringify(kept)); } catch { /* no storage: the page stays open instead */ }
  }
}
function putBack() {
  const mine = "braid-typed " + timeout.dataset.person + " ";
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith("braid-typed ") && !key.startsWith(mine)) sessionStorage.removeItem(key); // another person's
  }
  for (const form of forms) {
    let kept;
    try {
      kept = JSON.parse(sessionStorage.getItem(shelf(form)));
      sessionStorage.removeItem(shelf(form));
    } catch { continue; }
    if (!kept) continue;
    const fields = typed(form);
    for (const [i, name, value] of kept) {
      const f = fields[i];
      if (f?.name !== name) continue;
      if (typeof value === "boolean") f.checked = value; else f.value = value;
      f.dispatchEvent(new Event("input", { bubbles: true }));
      f.dispatchEvent(new Event("change", { bubbles: true }));
    }
    const told = document.createElement("div");
    told.className = "banner";
    const text = document.createElement("p");
    text.textContent = say("putBack");
    told.append(text);
    form.before(told);
    announce(say("putBack"));
  }
}
if (timeout) {
  try { putBack(); } catch { /* a browser without storage */ }
  const whole = Number(timeout.dataset.seconds) * 1000, notice = Math.min(5 * 60000, whole / 3);
  const left = timeout.querySelector("[data-left]");
  let until = Date.now() + whole;
  // Every tab of one browser shares the sign-in, so also how long it lasts.
  const others = "BroadcastChannel" in window ? new BroadcastChannel("braid-session") : null;
  const renewed = () => { until = Date.now() + whole; if (timeout.open) timeout.close(); };
  if (others) {
    others.onmessage = renewed;
    others.postMessage("used");
  }
  const stay = async () => {
    try {
      const answer = await fetch(timeout.dataset.stay, { credentials: "same-origin", redirect: "manual", cache: "no-store" });
      if (!answer.ok) throw new Error("signed out");
      renewed();
      others?.postMessage("used");
    } catch {
      away();
    }
  };
  timeout.querySelector("[data-stay-button]").addEventListener("click", stay);
  timeout.addEventListener("cancel", e => { e.preventDefault(); stay(); });
  let last = "";
  setInterval(() => {
    const ms = until - Date.now();
    if (ms > notice) return;
    if (ms <= 0) return away();
    if (!timeout.open) timeout.showModal();
    const text = ms > 60000 ? say("minutes", Math.ceil(ms / 60000)) : say("seconds", Math.ceil(ms / 10000) * 10);
    if (text !== last) left.textContent = last = text;
  }, 1000);
}
// Shortcut keys, off until switched on in Account. They follow links the page
// has: <a data-key="g m">; "/" goes to the search box.
if (document.body.dataset.shortcuts === "on") {
  let first = "", timer;
  addEventListener("keydown", e => {
    if (e.ctrlKey || e.altKey || e.metaKey || e.target.closest("input, select, textarea, dialog, [contenteditable]")) return;
    clearTimeout(timer);
    const keys = first ? first + " " + e.key : e.key;
    first = "";
    if (keys === "/") {
      const search = document.querySelector("[type=search]");
      if (search) { e.preventDefault(); search.focus(); }
    } else if (keys === "?") {
      listShortcuts();
    } else {
      const link = document.querySelector(`a[data-key="${CSS.escape(keys)}"]`);
      if (link) { e.preventDefault(); link.click(); }
      else if (e.key.length === 1) { first = e.key; timer = setTimeout(() => { first = ""; }, 1500); }
    }
  });
}
function listShortcuts() {
  const dialog = document.createElement("dialog"), title = document.createElement("h2"), list = document.createElement("dl"), close = document.createElement("button");
  title.textContent = say("shortcuts");
  title.id = "shortcut-list";
  dialog.setAttribute("aria-labelledby", title.id);
  list.className = "summary-list";
  const rows = [["/", say("search")], ...[...document.querySelectorAll("a[data-key]")].map(a => [a.dataset.key, a.textContent.trim()]), ["?", say("list")]];
  for (const [keys, text] of rows) {
    const row = document.createElement("div"), dt = document.createElement("dt"), dd = document.createElement("dd");
    for (const key of keys.split(" ")) {
      const k = document.createElement("kbd");
      k.textContent = key;
      dt.append(k, " ");
    }
    dd.textContent = text;
    row.append(dt, dd);
    list.append(row);
  }
  close.textContent = say("close");
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  dialog.append(title, list, close);
  document.body.append(dialog);
  dialog.showModal();
}
