// The session form, a little shorter: when the session did not take place its clinical sections step aside, and a
// total out of range is told while it is typed. The server decides both again.
//
//   <form data-session-form data-held="attended late left_early">   codes for which the session took place
//     <fieldset data-when-held>        sections about what happened in it
//     <input data-lowest="0" data-highest="80">                     a total with a range; its help gets the hint

function startSessionForm(root) {
  for (const form of root.querySelectorAll("[data-session-form]")) followAttendance(form);
  for (const input of root.querySelectorAll("input[data-highest]")) followRange(input);
  for (const list of root.querySelectorAll(".taskgroup")) countTicks(list);
}

function followAttendance(form) {
  const held = (form.dataset.held ?? "").split(" ");
  const show = () => {
    const chosen = form.querySelector("[name='attendance']:checked, select[name='attendance']");
    const away = Boolean(chosen) && chosen.value !== "" && !held.includes(chosen.value);
    for (const section of form.querySelectorAll("[data-when-held]")) section.hidden = away && !hasErrors(section);
    for (const note of form.querySelectorAll("[data-when-away]")) note.hidden = !away;
  };
  form.addEventListener("change", (event) => {
    if (event.target.name === "attendance") show();
  });
  form.addEventListener("reset", () => window.setTimeout(show));
  show();
}

// A section with a message in it stays, or the link in the summary would lead nowhere.
function hasErrors(section) {
  return section.querySelector(".wrong") !== null;
}

function followRange(input) {
  const low = Number(input.dataset.lowest ?? 0);
  const high = Number(input.dataset.highest);
  const hint = document.createElement("span");
  hint.className = "hint";
  hint.setAttribute("role", "status");
  input.insertAdjacentElement("afterend", hint);
  input.addEventListener("input", () => {
    hint.textContent = rangeWords(input.value.trim(), low, high);
  });
}

function rangeWords(text, low, high) {
  if (text === "") return "";
  if (!/^-?\d+$/.test(text)) return `A whole number from ${low} to ${high}.`;
  const value = Number(text);
  if (value > high) return `${value} is too high, the form goes from ${low} to ${high}.`;
  if (value < low) return `${value} is too low, the form goes from ${low} to ${high}.`;
  return "";
}

function countTicks(list) {
  const words = list.querySelector("[data-ticked]");
  list.addEventListener("change", () => {
    const ticked = list.querySelectorAll("input:checked").length;
    words.textContent = ticked ? `${ticked} ticked` : "";
  });
}

startSessionForm(document);
