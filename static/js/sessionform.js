// The session form, a little shorter: when the session did not take place its clinical sections step aside, and a
// total out of range is told while it is typed. The server decides both again.
//
//   <form data-session-form data-held="attended late left_early">   codes for which the session took place
//     <fieldset data-when-held>        sections, or single inputs, about what happened in it
//     <input data-when-late>           minutes late
//     <select data-when-other>         what “Other” means
//     <div data-when-dispute>          the stage of a dispute, when that is the focus
//     <input data-when-apart>          where the patient is, on video and telephone
//     <div data-when-thoughts>         questions of the screener that follow a yes to the second
//     <div data-when-ever>             the one that follows a yes to "ever"
//     <details data-when-found>        what was done and who was told, opened when risk was found
//     <input data-lowest="0" data-highest="80">                     a total with a range; its help gets the hint
//   A row of digits takes digits: 7 chooses 7, 1 and 0 in quick succession choose 10.

function startSessionForm(root) {
  for (const form of root.querySelectorAll("[data-session-form]")) {
    followChoices(form);
    takeDigits(form);
  }
  for (const input of root.querySelectorAll("input[data-highest]")) followRange(input);
  for (const list of root.querySelectorAll(".taskgroup")) countTicks(list);
}

function followChoices(form) {
  const held = (form.dataset.held ?? "").split(" ");
  const show = () => {
    const attendance = chosen(form, "attendance");
    const away = attendance !== "" && !held.includes(attendance);
    setHidden(form, "[data-when-held]", away);
    setHidden(form, "[data-when-late]", attendance !== "attended_late" && !lateness(form));
    setHidden(form, "[data-when-other]", attendance !== "other");
    setHidden(form, "[data-when-dispute]", chosen(form, "focal_area") !== "dispute");
    setHidden(form, "[data-when-apart]", !APART.includes(chosen(form, "modality")) || away);
    setHidden(form, "[data-when-thoughts]", chosen(form, "q2") !== "yes");
    setHidden(form, "[data-when-ever]", chosen(form, "q6_lifetime") !== "yes");
    for (const part of form.querySelectorAll("[data-when-found]")) part.open ||= riskFound(form);
  };
  form.addEventListener("change", show);
  form.addEventListener("reset", () => window.setTimeout(show));
  show();
}

const APART = ["telehealth_video", "telephone"];

function riskFound(form) {
  return chosen(form, "risk") === "asked_present";
}

// Minutes that stand there stay in view, whatever was chosen: what is sent can be seen.
function lateness(form) {
  return Number(form.querySelector("[data-when-late]")?.value || 0) !== 0;
}

function chosen(form, name) {
  return form.querySelector(`[name='${name}']:checked, select[name='${name}']`)?.value ?? "";
}

function setHidden(form, selector, away) {
  for (const part of form.querySelectorAll(selector)) {
    const place = part.closest(".field, fieldset, div");
    place.hidden = away && !hasErrors(place) && !says(part);
  }
}

const QUICK = 900; // milliseconds between the two digits of a number

function takeDigits(form) {
  let before = { group: null, text: "", at: 0 };
  form.addEventListener("keydown", (event) => {
    const group = event.target.closest?.("[role='radiogroup']:not(.item)");
    if (!group || !/^\d$/.test(event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
    const soon = before.group === group && event.timeStamp - before.at < QUICK;
    const wanted = [soon ? before.text + event.key : event.key, event.key];
    const inputs = [...group.querySelectorAll("input[type='radio']")];
    const input = wanted.map((text) => inputs.find((each) => each.value === text)).find(Boolean);
    if (!input) return;
    before = { group, text: input.value, at: event.timeStamp };
    event.preventDefault();
    input.focus();
    if (!input.checked) input.click();
  });
}

// An answer that stands there stays in view: what is sent can be seen.
function says(part) {
  if (part.matches("[data-when-thoughts], [data-when-ever]")) {
    return part.querySelector("input:checked:not([value=''])") !== null;
  }
  return part.matches("[data-when-apart]") && part.value !== "";
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
