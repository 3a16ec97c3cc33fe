// What must be asked, at the moment of entry. The words for each answer come with the page, from the server; an answer
// without words calls for nothing and nothing is said about it. What was typed stays in view whatever is answered.

function startSafety(box) {
  const form = box.closest("form");
  const texts = JSON.parse(box.dataset.texts);
  const show = () => tellSafety(box, texts[answerIn(form, box)] ?? "");
  form.addEventListener("change", show);
  form.addEventListener("input", show);
  form.addEventListener("reset", () => window.setTimeout(show));
  show();
}

// A total without any item has no answer about suicide: that is a blank too.
function answerIn(form, box) {
  const item = document.getElementById(box.dataset.item);
  const checked = item.querySelector("input:checked");
  if (checked) return checked.value;
  const total = document.getElementById(box.dataset.total);
  const anyItem = form.querySelector(".item[data-high] input:checked:not(.na)");
  return total.value.trim() !== "" && !anyItem ? "na" : "";
}

function tellSafety(box, words) {
  const place = box.querySelector("[data-safety-says]");
  const called = words !== "";
  const fold = box.querySelector("details");
  if (fold && called && !box.classList.contains("called")) fold.open = true;
  box.classList.toggle("called", called);
  box.hidden = !called && !isFilled(box);
  if (place.textContent !== words) place.textContent = words;
}

function isFilled(box) {
  const done = [...box.querySelectorAll("input:checked")].some((input) => input.value !== "");
  return done || (box.querySelector("textarea")?.value ?? "") !== "" || box.querySelector(".wrong") !== null;
}

for (const box of document.querySelectorAll("[data-safety]")) startSafety(box);
