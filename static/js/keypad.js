// Item grids by keyboard: a digit answers and moves on, `-` is "left blank on the form", Backspace takes the last answer
// back, Enter and the arrows move and answer nothing. Moving on can be switched off. The grids of one form are walked
// as one; lines that are folded away are passed over. Totals are the server's business: here only what has been
// answered is counted, and the sum so far with the range that each open item leaves.
//
//   <fieldset class="item" data-low="0" data-high="4">   an item that counts; without a range it is passed over in sums
//     <input type="radio" data-key="3" data-points="3">  the key of the keyboard, and the points that it adds

function startKeypads(root, form) {
  const board = form.querySelector("[data-running]");
  form.addEventListener("keydown", (event) => {
    if (!event.target.closest?.("[data-keypad]") || event.ctrlKey || event.metaKey || event.altKey) return;
    const items = itemsOf(form);
    const at = items.indexOf(event.target.closest(".item"));
    if (at >= 0 && press(items, at, event.key, movesOn(root))) event.preventDefault();
  });
  form.addEventListener("change", () => tell(board, form));
  form.addEventListener("reset", () => window.setTimeout(() => tell(board, form)));
  tell(board, form);
  form.querySelector("[data-keypad] input[autofocus]")?.focus(); // the browser does so later, after a first key is lost
}

function itemsOf(form) {
  const items = [...form.querySelectorAll("[data-keypad] .item")];
  return items.filter((item) => !item.closest("details:not([open]), [hidden]"));
}

function press(items, at, key, moveOn) {
  say(items[at], "");
  if (key === "ArrowDown" || key === "ArrowUp") return go(items, at + (key === "ArrowDown" ? 1 : -1));
  if (key === "ArrowLeft" || key === "ArrowRight") return sideways(items[at], key === "ArrowRight" ? 1 : -1);
  if (key === "Enter") return go(items, at + 1); // never saves a form that is half done
  if (key === "Backspace") return clear(items, at);
  const input = items[at].querySelector(`input[data-key="${CSS.escape(key.toLowerCase())}"]`);
  if (!input) return refuse(items[at], key);
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

// Backspace takes back the last answer: the one of this row, which the focus then stays on, for a corrected digit must
// not land on the row before; or from an open row the one before it, as on a till.
function clear(items, at) {
  const here = items[at].querySelector("input:checked");
  const target = here ? at : Math.max(at - 1, 0);
  const checked = here ?? items[target].querySelector("input:checked");
  if (checked) choose(checked, false);
  return go(items, target);
}

// A digit that the row does not have answers nothing; it is said, so that nobody believes it was taken.
function refuse(item, key) {
  if (!/^\d$/.test(key)) return false;
  const keys = [...item.querySelectorAll("input:not(.na) + span > [aria-hidden]")].map((sign) => sign.textContent);
  const name = item.querySelector("legend").lastElementChild.textContent.trim().replace(/\s+/g, " ");
  say(item, `“${name}” has no ${key}, only ${keys.join(", ")}.`);
  return true;
}

function say(item, words) {
  const place = item.closest("[data-keypad]").querySelector("[data-says]");
  if (place.textContent !== words) place.textContent = words;
}

function choose(input, on) {
  input.checked = on;
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

function movesOn(root) {
  return root.getElementById("move-on")?.checked !== false;
}

function tell(board, form) {
  if (!board) return;
  const items = [...form.querySelectorAll(".item[data-high]")];
  const points = items.map(pointsOf);
  const given = points.filter((value) => value !== null);
  const sum = added(given);
  const low = sum + added(items.map((item, n) => (points[n] === null ? Number(item.dataset.low) : 0)));
  const high = sum + added(items.map((item, n) => (points[n] === null ? Number(item.dataset.high) : 0)));
  board.querySelector("[data-answered]").textContent = String(given.length);
  const bar = board.querySelector("progress");
  bar.value = given.length;
  bar.textContent = `${given.length} of ${items.length}`;
  const words = board.querySelector("[data-sum]");
  if (given.length === 0) words.textContent = "";
  else if (given.length === items.length) words.textContent = `All answered: ${sum}.`;
  else words.textContent = `Sum so far ${sum}. Possible total ${low} to ${high}.`;
}

function added(values) {
  return values.reduce((total, value) => total + value, 0);
}

function pointsOf(item) {
  const checked = item.querySelector("input:checked:not(.na)");
  return checked ? Number(checked.dataset.points) : null;
}

const padded = [...document.querySelectorAll("form")].filter((form) => form.querySelector("[data-keypad]"));
for (const form of padded) startKeypads(document, form);
