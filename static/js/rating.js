// A rating by keyboard: Y, P, N or - says whether an item was delivered; after Y and P a digit from 1 to 5 says how well
// and moves on, N and - move on at once. Backspace takes the last answer back, Enter and the arrows move and answer
// nothing. Quality that has nothing to belong to is taken away and its keys rest.
//
//   <fieldset class="item rated" data-item>   one item; without data-item it is rated as a whole, by a digit alone
//     .keyrow.delivered > input[data-key="y"], .keyrow.quality > input[data-key="4"]

const DONE = ["1", "0.5"];

function startRating(form) {
  const rows = [...form.querySelectorAll("[data-ratingpad] .item")];
  const board = document.querySelector("[data-rated]");
  form.addEventListener("keydown", (event) => {
    if (!event.target.closest?.("[data-ratingpad]") || event.ctrlKey || event.metaKey || event.altKey) return;
    const at = rows.indexOf(event.target.closest(".item"));
    if (at >= 0 && press(form, rows, at, event.key)) event.preventDefault();
  });
  form.querySelector("select[data-basis]")?.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) fromBasis(form, rows, event);
  });
  form.addEventListener("change", () => settle(form, rows, board));
  form.addEventListener("reset", () => window.setTimeout(() => settle(form, rows, board)));
  settle(form, rows, board);
  form.querySelector("[data-ratingpad] input[autofocus]")?.focus();
}

// Enter leads from the basis to the first item; a part of a recording asks for its minutes before that.
function fromBasis(form, rows, event) {
  event.preventDefault();
  if (!event.target.value) return;
  const minutes = event.target.value === "part_recording" ? form.querySelector("[name='minutes_heard']") : null;
  if (minutes) minutes.focus();
  else go(form, rows, 0);
}

function press(form, rows, at, pressed) {
  const key = pressed.toLowerCase();
  const row = rows[at];
  say(row, "");
  if (pressed === "ArrowDown" || pressed === "Enter") return go(form, rows, at + 1);
  if (pressed === "ArrowUp") return go(form, rows, at - 1);
  if (pressed === "ArrowLeft" || pressed === "ArrowRight") return sideways(row, pressed === "ArrowRight" ? 1 : -1);
  if (pressed === "Backspace") return back(form, rows, at);
  const input = row.querySelector(`input[data-key="${CSS.escape(key)}"]`);
  if (!input) return refuse(row, key);
  if (input.disabled || (isQuality(input) && !wasDone(row))) return refuse(row, key);
  choose(input, true);
  input.focus();
  if (isQuality(input) || !DONE.includes(input.value)) return go(form, rows, at + 1);
  (checked(row, "quality") ?? row.querySelector(".quality input")).focus();
  return true;
}

// The focus may rest on any key of a row: on what is still asked, else on the answer.
function go(form, rows, to) {
  if (to >= rows.length) return leave(form, rows.at(-1));
  const row = rows[Math.max(to, 0)];
  const open = wasDone(row) && !checked(row, "quality") ? row.querySelector(".quality input") : null;
  (open ?? checked(row, "delivered") ?? checked(row, "quality") ?? row.querySelector("input:not(:disabled)")).focus();
  return true;
}

// After the last row: to what follows the keys in the form.
function leave(form, last) {
  const fields = [...form.querySelectorAll("input:not([type='hidden']), select, textarea, button")];
  const next = fields.find((field) => last.compareDocumentPosition(field) & Node.DOCUMENT_POSITION_FOLLOWING && !last.contains(field));
  (next ?? last.querySelector("input:checked")).focus();
  return true;
}

function sideways(row, step) {
  const inputs = [...row.querySelectorAll("input:not(:disabled)")];
  const now = inputs.indexOf(document.activeElement);
  inputs[Math.min(Math.max(now + step, 0), inputs.length - 1)].focus();
  return true;
}

// One answer a time: the quality before the delivery, this row before the one above it.
function back(form, rows, at) {
  const here = checked(rows[at], "quality") ?? checked(rows[at], "delivered");
  const to = here ? at : Math.max(at - 1, 0);
  const last = here ?? checked(rows[to], "quality") ?? checked(rows[to], "delivered");
  if (last) choose(last, false);
  return go(form, rows, to);
}

function refuse(row, key) {
  const whole = !("item" in row.dataset);
  if (/^\d$/.test(key)) {
    if (!/^[1-5]$/.test(key)) say(row, `Quality goes from 1 to 5.`);
    else if (!checked(row, "delivered")) say(row, `“${name(row)}”: say first whether it was delivered, with Y, P, N or -.`);
    else say(row, `“${name(row)}” was not delivered, so it has no quality.`);
    return true;
  }
  if (whole && ["y", "p", "n", "-"].includes(key)) {
    say(row, `“${name(row)}” is rated from 1 to 5.`);
    return true;
  }
  return false;
}

function name(row) {
  return row.querySelector("legend").lastElementChild.firstElementChild.textContent.trim();
}

function say(row, words) {
  const place = row.closest("[data-ratingpad]").querySelector("[data-says]");
  if (place.textContent !== words) place.textContent = words;
}

function choose(input, on) {
  input.checked = on;
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

function isQuality(input) {
  return Boolean(input.closest(".quality"));
}

function checked(row, part) {
  return row.querySelector(`.${part} input:checked`);
}

function wasDone(row) {
  if (!("item" in row.dataset)) return true;
  return DONE.includes(checked(row, "delivered")?.value);
}

function isAnswered(row) {
  const delivered = checked(row, "delivered");
  return Boolean(delivered && (!wasDone(row) || checked(row, "quality")));
}

// Quality rests while an item says no or n/a; an item that says nothing yet keeps its keys for the mouse.
function settle(form, rows, board) {
  for (const row of rows) {
    const rests = Boolean(checked(row, "delivered")) && !wasDone(row);
    for (const input of row.querySelectorAll(".quality input")) {
      if (rests) input.checked = false;
      input.disabled = rests;
    }
  }
  tellRated(form, rows, board);
}

function tellRated(form, rows, board) {
  if (!board) return;
  const items = rows.filter((row) => "item" in row.dataset);
  const rated = items.filter(isAnswered).length;
  board.querySelector("[data-answered]").textContent = String(rated);
  const bar = board.querySelector("progress");
  bar.value = rated;
  bar.textContent = `${rated} of ${items.length}`;
  const open = items.length - rated;
  const parts = open ? [`${open} ${open === 1 ? "item" : "items"}`] : [];
  parts.push(...rows.filter((row) => !items.includes(row) && !checked(row, "quality")).map((row) => name(row).toLowerCase()));
  const last = parts.pop();
  const words = parts.length ? `${parts.join(", ")} and ${last}` : last;
  board.querySelector("[data-to-go]").textContent = last ? `${words} to go.` : "Everything is rated.";
}

for (const form of document.querySelectorAll("form")) if (form.querySelector("[data-ratingpad]")) startRating(form);
