// Preferences of this device, never anything about a patient. A browser that forbids storage has the defaults.

export function preference(name, fallback) {
  try {
    const kept = window.localStorage.getItem(`ipt.${name}`);
    return kept === null ? fallback : kept === "yes";
  } catch {
    return fallback;
  }
}

export function keepPreference(name, value) {
  try {
    window.localStorage.setItem(`ipt.${name}`, value ? "yes" : "no");
  } catch {
    // Nothing to do: the choice holds until the page is left.
  }
}
