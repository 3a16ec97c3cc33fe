// The sticky bar: says whether something is unsaved, saves with Ctrl+Enter, warns before unsaved text is lost,
// and sends a form once however often the button is pressed. A form that keeps drafts (draft.js) warns only while what
// was typed last is not kept yet.

function startSaveBar(root) {
  for (const form of root.querySelectorAll("form[method='post']")) guardDoubleSubmit(form);
  const bar = root.querySelector("[data-savebar]");
  const form = bar && root.getElementById(bar.dataset.savebar);
  if (!form) return;
  const state = { dirty: Boolean(root.querySelector("[data-errors]")), leaving: false, opened: Date.now() };
  if (state.dirty) say(bar, "Not saved yet");
  form.addEventListener("input", () => {
    markDirty(bar, state);
    if (!form.dataset.draft) stillHere(form, bar, state);
  });
  form.addEventListener("change", () => markDirty(bar, state));
  form.addEventListener("reset", () => markDirty(bar, state));
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    state.leaving = true;
    say(bar, "Saving…");
  });
  window.addEventListener("pageshow", () => {
    state.leaving = false;
  });
  window.addEventListener("beforeunload", (event) => {
    if (state.dirty && !state.leaving && form.dataset.draftKept !== "yes") event.preventDefault();
  });
  root.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) saveWith(bar, form, event);
  });
}

function markDirty(bar, state) {
  if (state.dirty) return;
  state.dirty = true;
  say(bar, "Not saved yet");
}

// Typing counts as activity, a timer would not: at most once a minute, and only because somebody wrote.
async function stillHere(form, bar, state) {
  const now = Date.now();
  if (now - (state.told ?? state.opened) < 65000) return;
  state.told = now;
  const body = new URLSearchParams({ csrf_token: form.elements.csrf_token.value });
  try {
    const answer = await fetch("/still-here", { method: "POST", body, redirect: "manual" });
    if (!answer.ok) say(bar, "You were signed out. Save: you are asked to sign in, and nothing is lost.");
  } catch {
    say(bar, "No connection. Keep this page open; nothing is lost while it is.");
  }
}

function say(bar, words) {
  bar.querySelector("[data-state]").textContent = words;
  bar.querySelector("[data-dot]").className = "dot wait";
}

// The main action is the last primary button of the bar, so that its name and value are sent with the form.
function saveWith(bar, form, event) {
  const main = bar.querySelector("button.btn-primary") ?? form.querySelector("button.btn-primary");
  if (event.target.closest?.("form") && event.target.closest("form") !== form) return;
  event.preventDefault();
  form.requestSubmit(main && main.form === form ? main : undefined);
}

function guardDoubleSubmit(form) {
  let sent = false;
  form.addEventListener("submit", (event) => {
    if (sent) {
      event.preventDefault();
      return;
    }
    sent = true;
    // A page that came back from the browser's memory, or an answer that was a file, may be sent again. Where every
    // answer is a file, data-again says after how many milliseconds.
    window.setTimeout(() => {
      sent = false;
    }, Number(form.dataset.again ?? 8000));
  });
  window.addEventListener("pageshow", () => {
    sent = false;
  });
}

startSaveBar(document);
