// Edit allocations, acting like a spreadsheet. The page is a form of text boxes
// and works as that; this adds arrows, blocks, undo, and what is left while
// people type. After braid.js, which reads and writes amounts.
//
// The table is .grid; a box carries, in whole pence as saved, "" where not known:
//   data-col    its column's key
//   data-pence  its amount, "" for none, "?" for not known
//   data-left   what is left of its column   data-total   its row's total
// Left shows in the row .left, in the box's own column; a total in a cell .total.
"use strict";

for (const table of document.querySelectorAll("table.grid")) grid(table);

function grid(table) {
  const inputs = [...table.querySelectorAll("input[data-col]")];
  const cols = [...new Set(inputs.map(i => i.dataset.col))];
  const rows = [...table.rows].map(tr => [...tr.querySelectorAll("input[data-col]")]).filter(r => r.length)
    .map(r => cols.map(c => r.find(i => i.dataset.col === c) ?? null));
  const columns = cols.map(c => inputs.filter(i => i.dataset.col === c)), lefts = table.querySelector("tr.left");
  const where = new Map(rows.flatMap((r, y) => r.flatMap((i, x) => i ? [[i, { x, y }]] : [])));
  const saved = i => i.dataset.pence === undefined ? pence(i.defaultValue) : i.dataset.pence === "?" ? "?" : i.dataset.pence === "" ? null : Number(i.dataset.pence);
  const known = n => typeof n === "number" && !Number.isNaN(n) ? n : 0;

  // Live totals. What is left falls by what a column rises; a cell not known
  // makes what is left "at most", a total "at least".
  function flag(input, text) {
    const id = input.id || (input.id = "cell-" + inputs.indexOf(input)), at = id + "-flag";
    let span = document.getElementById(at);
    const ids = (input.getAttribute("aria-describedby") ?? "").split(" ").filter(x => x && x !== at);
    if (text) {
      if (!span) {
        span = document.createElement("span");
        span.className = "flag";
        span.id = at;
        input.after(span);
      }
      if (span.textContent !== text) span.textContent = text;
      ids.push(at);
    } else {
      span?.remove();
    }
    if (ids.length) input.setAttribute("aria-describedby", ids.join(" ")); else input.removeAttribute("aria-describedby");
    if (text) input.setAttribute("aria-invalid", "true"); else input.removeAttribute("aria-invalid");
  }
  function write(cell, was, cells, sign) {
    if (was === undefined || was === "") return; // not known stays as the server said it
    // what cannot be read moves nothing yet
    const move = cells.reduce((sum, i) => { const n = pence(i.value); return Number.isNaN(n) ? sum : sum + known(n) - known(saved(i)); }, 0);
    const open = cells.some(i => pence(i.value) === "?"), now = Number(was) + sign * move;
    const text = open ? say(sign < 0 ? "atMost" : "atLeast", pounds(now)) : pounds(now);
    const at = cell.querySelector("a, output") ?? cell;
    if (move || open || cell.dataset.touched) {
      cell.dataset.touched = "yes";
      if (at.textContent !== text) at.textContent = text;
    }
    cell.classList.toggle("over", sign < 0 && now < 0);
    return { now, was: Number(was) };
  }
  function refresh() {
    const over = new Map();
    for (const column of columns) {
      const cell = lefts?.cells[column[0].closest("td").cellIndex];
      const left = cell && write(cell, column[0].dataset.left, column, -1);
      if (left && left.now < 0 && left.now < left.was) over.set(column[0].dataset.col, -left.now);
    }
    for (const row of rows) {
      const cells = row.filter(Boolean), cell = cells[0].closest("tr").querySelector(".total");
      if (cell) write(cell, cells[0].dataset.total, cells, 1);
    }
    for (const i of inputs) {
      const n = pence(i.value), was = saved(i);
      i.classList.toggle("changed", !Object.is(n, was));
      if (i.dataset.refused === i.value) continue; // what the server said of it stands until it changes
      delete i.dataset.refused;
      if (Number.isNaN(n)) flag(i, say("unread"));
      else if (over.has(i.dataset.col) && known(n) > known(was)) flag(i, say("over", pounds(over.get(i.dataset.col))));
      else flag(i, "");
    }
  }

  // Where one is: a cell, whether inside its text, and the block from an anchor.
  let editing = false, before = "", anchor = null;
  const done = [], undone = [];
  const block = input => {
    const a = where.get(anchor ?? input), b = where.get(input);
    const xs = [a.x, b.x].sort((p, q) => p - q), ys = [a.y, b.y].sort((p, q) => p - q);
    return rows.slice(ys[0], ys[1] + 1).map(r => r.slice(xs[0], xs[1] + 1));
  };
  function mark(input) {
    const chosen = anchor && input && anchor !== input ? block(input).flat() : [];
    for (const i of inputs) i.classList.toggle("selected", chosen.includes(i));
  }
  function land(input) {
    editing = false;
    before = input.value;
    input.select();
  }
  function go(from, dx, dy, extend) {
    let { x, y } = where.get(from);
    for (;;) {
      x += dx;
      y += dy;
      if (!rows[y] || x < 0 || x >= cols.length) break;
      if (!rows[y][x]) continue;
      anchor = extend ? anchor ?? from : null;
      rows[y][x].focus();
      mark(rows[y][x]);
      return;
    }
    commit(from);
    land(from);
  }
  function remember(cells) {
    const kept = cells.filter(c => c.from !== c.to);
    if (!kept.length) return 0;
    done.push(kept);
    undone.length = 0;
    refresh();
    return kept.length;
  }
  function commit(input) {
    remember([{ input, from: before, to: input.value }]);
    before = input.value;
    const told = document.getElementById(input.id + "-flag");
    if (told) announce(told.textContent);
  }
  function set(pairs) { // many cells as one step
    const cells = pairs.map(([input, to]) => ({ input, from: input === document.activeElement ? before : input.value, to }));
    for (const c of cells) c.input.value = c.to;
    if (where.has(document.activeElement)) land(document.activeElement);
    return remember(cells);
  }
  function step(from, to, key, word) {
    const cells = from.pop();
    if (!cells) return announce(say("nothing"));
    for (const c of cells) c.input.value = c[key];
    to.push(cells);
    refresh();
    anchor = null;
    cells[0].input.focus();
    mark(null);
    land(cells[0].input);
    announce(say(word, cells.length));
  }

  table.addEventListener("focusin", e => {
    if (!where.has(e.target)) return;
    land(e.target);
    if (!anchor) mark(null);
  });
  table.addEventListener("focusout", e => { if (where.has(e.target)) commit(e.target); });
  table.addEventListener("input", refresh);
  table.addEventListener("pointerdown", e => {
    if (!where.has(e.target)) return;
    if (e.shiftKey && where.has(document.activeElement)) {
      e.preventDefault();
      anchor = anchor ?? document.activeElement;
      e.target.focus();
      mark(e.target);
      return;
    }
    anchor = null;
    mark(null);
    if (document.activeElement === e.target) editing = true; // a second click goes into the text
    else e.target.addEventListener("pointerup", up => { if (!editing) up.target.select?.(); }, { once: true });
  });

  table.addEventListener("keydown", e => {
    const input = e.target;
    if (!where.has(input) || e.isComposing || e.altKey) return;
    const ctrl = e.ctrlKey || e.metaKey, key = e.key.length === 1 ? e.key.toLowerCase() : e.key;
    const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const stop = () => e.preventDefault();
    if (ctrl && key === "s") {
      stop();
      commit(input);
      const form = input.form, save = form.querySelector("[data-save]");
      form.requestSubmit(save ?? undefined);
    } else if (ctrl && (key === "y" || key === "z" && e.shiftKey)) {
      stop();
      commit(input);
      step(undone, done, "to", "redone");
    } else if (ctrl && key === "z") {
      stop();
      commit(input);
      step(done, undone, "from", "undone");
    } else if (ctrl && (e.key === "Home" || e.key === "End")) {
      stop();
      const all = rows.flat().filter(Boolean);
      anchor = null;
      all.at(e.key === "Home" ? 0 : -1).focus();
    } else if (ctrl) {
      return;
    } else if (e.key === "Enter") {
      stop();
      go(input, 0, e.shiftKey ? -1 : 1, false);
    } else if (e.key === "F2") {
      stop();
      editing = true;
      input.setSelectionRange(input.value.length, input.value.length);
    } else if (e.key === "Escape") {
      if (input.value === before && !editing && !anchor) return;
      stop();
      input.value = before;
      anchor = null;
      mark(null);
      land(input);
      refresh();
    } else if (arrows[e.key] && !editing) {
      stop();
      go(input, ...arrows[e.key], e.shiftKey);
    } else if ((e.key === "Home" || e.key === "End") && !editing) {
      stop();
      const row = rows[where.get(input).y].filter(Boolean);
      anchor = null;
      row.at(e.key === "Home" ? 0 : -1).focus();
    } else if ((e.key === "Delete" || e.key === "Backspace") && anchor && anchor !== input) {
      stop();
      set(block(input).flat().filter(i => i && !i.readOnly).map(i => [i, ""]));
    } else if (e.key === "Tab") {
      anchor = null;
    } else if (e.key.length === 1) {
      anchor = null;
      mark(null);
    }
  });

  // Enter never sends the grid, by whatever hand it comes: it went down a row.
  table.addEventListener("keypress", e => { if (e.key === "Enter" && where.has(e.target)) e.preventDefault(); });

  // A block goes out and comes in as a spreadsheet has it: tabs and line ends.
  const whole = i => i.selectionStart === 0 && i.selectionEnd === i.value.length;
  function copy(e) {
    const input = e.target;
    if (!where.has(input) || !(anchor && anchor !== input) && (editing || !whole(input))) return false;
    const text = i => {
      if (!i) return "";
      const n = pence(i.value);
      return typeof n === "number" && !Number.isNaN(n) ? plain(n) : i.value;
    };
    e.clipboardData.setData("text/plain", block(input).map(r => r.map(text).join("\t")).join("\r\n"));
    e.preventDefault();
    return true;
  }
  table.addEventListener("copy", copy);
  table.addEventListener("cut", e => {
    if (copy(e)) set(block(e.target).flat().filter(i => i && !i.readOnly).map(i => [i, ""]));
  });
  table.addEventListener("paste", e => {
    const input = e.target;
    if (!where.has(input)) return;
    const lines = e.clipboardData.getData("text/plain").replace(/\r\n?/g, "\n").replace(/\n$/, "").split("\n").map(l => l.split("\t"));
    const one = lines.length === 1 && lines[0].length === 1, chosen = block(input);
    if (one && editing) return;
    e.preventDefault();
    const pairs = [];
    let lost = 0;
    if (one) {
      for (const i of chosen.flat()) if (i && !i.readOnly) pairs.push([i, lines[0][0].trim()]);
    } else {
      const a = where.get(anchor ?? input), b = where.get(input), x = Math.min(a.x, b.x), y = Math.min(a.y, b.y);
      lines.forEach((line, r) => line.forEach((text, c) => {
        const i = rows[y + r]?.[x + c];
        if (i && !i.readOnly) pairs.push([i, text.trim()]);
        else if (text.trim() !== "") lost++;
      }));
    }
    const n = set(pairs);
    announce(say("pasted", n) + (lost ? ". " + say("leftOver", lost) : ""));
  });
  for (const i of inputs) if (i.hasAttribute("aria-invalid")) i.dataset.refused = i.value;
  refresh();
}
