// Severity from its two halves: when frequency and intensity of a symptom are both there, the severity that the
// published rule gives is marked and said. P takes it, or the button does; nothing is ever set by itself. The rule is
// not written here: the grid carries the server's own table, by intensity and then by frequency.

function startSeverity(pad) {
  const table = JSON.parse(pad.dataset.proposals);
  const switched = document.getElementById("with-halves");
  for (const symptom of pad.querySelectorAll("[data-symptom]")) {
    symptom.addEventListener("change", () => offer(symptom, table));
    symptom.addEventListener("keydown", (event) => {
      if (event.key.toLowerCase() !== "p" || event.ctrlKey || event.metaKey || event.altKey) return;
      if (take(symptom)) event.preventDefault();
    });
    symptom.querySelector("[data-proposal]").addEventListener("click", (event) => {
      if (event.target.closest("button")) take(symptom);
    });
    offer(symptom, table);
  }
  switched?.addEventListener("change", () => unfold(pad, switched.checked));
  if (switched?.checked) unfold(pad, true);
}

function unfold(pad, open) {
  for (const halves of pad.querySelectorAll(".halves")) halves.open = open || isUsed(halves);
}

// What stands there stays in view.
function isUsed(halves) {
  return halves.querySelector("input:checked") !== null;
}

function offer(symptom, table) {
  const [frequency, intensity] = [...symptom.querySelectorAll(".halves .item")].map(levelOf);
  const known = frequency !== null && intensity !== null;
  const proposed = known ? table[intensity][frequency] : null;
  const rated = levelOf(severityOf(symptom));
  for (const input of severityOf(symptom).querySelectorAll("input")) {
    input.closest(".key").classList.toggle("proposed", known && rated !== proposed && Number(input.dataset.key) === proposed);
  }
  tellProposal(symptom, proposed, rated, known);
}

function tellProposal(symptom, proposed, rated, known) {
  const place = symptom.querySelector("[data-proposal]");
  const words = known && proposed === null ? place.dataset.contradict : wordsFor(proposed, rated);
  if (place.dataset.said === words) return;
  place.dataset.said = words;
  place.replaceChildren(words);
  if (proposed === null || proposed === rated) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-second btn-sm";
  button.textContent = `Take ${proposed}`;
  place.append(" ", button);
}

function wordsFor(proposed, rated) {
  if (proposed === null) return "";
  if (rated === proposed) return `${rated}, as the rule proposes.`;
  if (rated !== null) return `${rated} stands, the rule proposes ${proposed}: P takes it.`;
  return `The rule proposes ${proposed}: P takes it.`;
}

// As if its digit had been pressed: the grid answers and moves on.
function take(symptom) {
  const input = symptom.querySelector(".key.proposed input");
  if (!input) return false;
  input.focus();
  input.dispatchEvent(new KeyboardEvent("keydown", { key: input.dataset.key, bubbles: true, cancelable: true }));
  return true;
}

function severityOf(symptom) {
  return symptom.querySelector(":scope > .item");
}

function levelOf(item) {
  const checked = item.querySelector("input:checked:not(.na)");
  return checked ? Number(checked.dataset.key) : null;
}

for (const pad of document.querySelectorAll("[data-proposals]")) startSeverity(pad);
