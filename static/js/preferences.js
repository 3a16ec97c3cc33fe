// Preferences of this device, never anything about a patient: a box with data-preference is shown, set as it was left,
// and remembered under the id of its input. Other parts ask the box. A browser that forbids storage has the defaults.

function startPreference(box) {
  const input = box.querySelector("input");
  const kept = read(input.id);
  box.hidden = false;
  if (kept !== null) input.checked = kept === "yes";
  input.addEventListener("change", () => keep(input.id, input.checked ? "yes" : "no"));
}

function read(name) {
  try {
    return window.localStorage.getItem(`ipt.${name}`);
  } catch {
    return null;
  }
}

function keep(name, value) {
  try {
    window.localStorage.setItem(`ipt.${name}`, value);
  } catch {
    // Nothing to do: the choice holds until the page is left.
  }
}

for (const box of document.querySelectorAll("[data-preference]")) startPreference(box);
