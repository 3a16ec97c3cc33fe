// Item grids by keyboard: a digit answers and moves on, `-` is "left blank on the form", Backspace clears and goes
// back, Enter and the arrows move and answer nothing. Moving on can be switched off. Totals are the server's business;
// here only what has been answered is counted, and the sum so far with the range it leaves open.

function startKeypad(root, pad) {
  const items = [...pad.querySelectorAll(".item")];
  const board = root.querySelector("[data-running]");
  pad.addEventListener("keydown", (event) => {
    const at = items.indexOf(event.target.closest(".item"));
    if (at < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    if (press(items, at, event.key, movesOn(root))) event.preventDefault();
  });
  const form = pad.closest("form");
  pad.addEventListener("change", () => tell(board, items));
  form?.addEventListener("reset", () => window.setTimeout(() => tell(board, items)));
  tell(board, items);
}

function press(items, at, key, moveOn) {
  if (key === "ArrowDown" || key === "ArrowUp") return go(items, at + (key === "ArrowDown" ? 1 : -1));
  if (key === "ArrowLeft" || key === "ArrowRight") return sideways(items[at], key === "ArrowRight" ? 1 : -1);
  if (key === "Enter") return go(items, at + 1); // never saves a form that is half done
  if (key === "Backspace") return clear(items, at);
  const input = items[at].querySelector(`input[data-key="${CSS.escape(key)}"]`);
  if (!input) return false;
  choose(input, true);
  input.focus();
  if (moveOn) go(items, at + 1);
  return true;
}

// The focus may rest on any key of a row: on the answer when there is one, else on the first.
function go(items, to) {
  const item = items[Math.min(Math.max(to, 0), items.length - 1)];
  (item.querySelector("input:checked") ?? item.querySelector("input")).focus();
  return true;
}

// Within a row of radios the browser's own arrows would answer; here they only move, Space answers.
function sideways(item, step) {
  const inputs = [...item.querySelectorAll("input")];
  const now = inputs.indexOf(document.activeElement);
  inputs[Math.min(Math.max(now + step, 0), inputs.length - 1)].focus();
  return true;
}

// A row without an answer is cleared by going back: the row before is emptied, as on a till.
function clear(items, at) {
  const here = items[at].querySelector("input:checked");
  const target = here ? at : Math.max(at - 1, 0);
  const checked = here ?? items[target].querySelector("input:checked");
  if (checked) choose(checked, false);
  if (here && at > 0) return go(items, at - 1);
  return go(items, target);
}

function choose(input, on) {
  input.checked = on;
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

function movesOn(root) {
  return root.getElementById("move-on")?.checked !== false;
}

function tell(board, items) {
  if (!board) return;
  const values = items.map(valueOf).filter((value) => value !== null);
  const blanks = items.length - values.length;
  const sum = values.reduce((total, value) => total + value, 0);
  const top = Number(board.dataset.highest);
  board.querySelector("[data-answered]").textContent = String(values.length);
  const bar = board.querySelector("progress");
  bar.value = values.length;
  bar.textContent = `${values.length} of ${items.length}`;
  const words = board.querySelector("[data-sum]");
  if (values.length === 0) words.textContent = "";
  else if (blanks === 0) words.textContent = `All answered: ${sum}.`;
  else words.textContent = `Sum so far ${sum}. Possible total ${sum} to ${sum + blanks * top}.`;
}

function valueOf(item) {
  const checked = item.querySelector("input:checked:not(.na)");
  return checked ? Number(checked.dataset.key) : null;
}

for (const pad of document.querySelectorAll("[data-keypad]")) startKeypad(document, pad);
