// What is typed into a form is kept on the server as a draft: a little after typing, on leaving a field, and when the
// page is left. Nothing is kept in the browser. Only typing sends anything; what is sent again by itself says so and
// does not count as activity. The form, its key and the notice about another window: templates/components/draft.html.

const SOON = 2500;
const AT_LATEST = 10000;
const FIRST_WAIT = 4000;
const LONGEST_WAIT = 60000;
const BY_ITSELF_AFTER = 30000;
const FOR_A_PAGE_THAT_GOES = 60000; // bytes that a browser still sends for a page that is closed
const NEVER = ["csrf_token", "draft_key"];

function keepDraft(form) {
  const key = form.elements.draft_key;
  if (!key) return;
  const state = { form, key, typed: 0, kept: 0, since: 0, last: 0, timer: 0, flight: null, wait: FIRST_WAIT, at: "" };
  state.at = key.dataset.when;
  if (state.at) tell(state, `Draft of ${state.at}, not saved yet`, "");
  const typing = () => typed(state);
  form.addEventListener("input", typing);
  form.addEventListener("change", typing);
  form.addEventListener("reset", () => window.setTimeout(typing));
  form.addEventListener("focusout", () => send(state));
  form.addEventListener("submit", (event) => beforeSaving(state, event));
  document.addEventListener("visibilitychange", () => send(state));
  window.addEventListener("pagehide", () => send(state, { again: true }));
  window.addEventListener("online", () => send(state));
  window.addEventListener("focus", () => send(state));
  window.addEventListener("pageshow", () => (state.saving = false));
  followNewer(state);
}

function typed(state) {
  const now = Date.now();
  if (state.typed === state.kept) state.since = now;
  state.typed += 1;
  state.last = now;
  state.blocked = state.blocked === "size" ? "" : state.blocked;
  state.form.dataset.draftKept = "";
  plan(state, Math.max(0, Math.min(SOON, state.since + AT_LATEST - now)));
}

function plan(state, wait) {
  window.clearTimeout(state.timer);
  state.timer = window.setTimeout(() => send(state), wait);
}

function send(state, { again = false } = {}) {
  if (state.typed === state.kept || state.saving || state.blocked || (state.flight && !again)) return;
  window.clearTimeout(state.timer);
  const count = state.typed;
  state.flight = post(state)
    .then((answer) => take(state, count, answer))
    .catch(() => later(state, noConnection(state)))
    .finally(() => {
      state.flight = null;
      if (state.typed > count && !state.blocked) plan(state, SOON);
    });
}

function post(state) {
  const fields = [...new FormData(state.form)].filter(([name, value]) => !NEVER.includes(name) && typeof value === "string");
  const body = new URLSearchParams({
    csrf_token: state.token ?? state.form.elements.csrf_token.value,
    draft_key: state.key.value,
    address: state.form.dataset.draft,
    fields: JSON.stringify(fields),
  });
  const keepalive = body.toString().length < FOR_A_PAGE_THAT_GOES;
  const headers = Date.now() - state.last > BY_ITSELF_AFTER ? { "Ipt-By-Itself": "yes" } : {};
  return fetch("/drafts", { method: "POST", body, headers, keepalive, redirect: "manual" });
}

async function take(state, count, answer) {
  const said = (answer.headers.get("Content-Type") ?? "").includes("json") ? await answer.json() : {};
  if (answer.ok) return kept(state, count, said);
  if (said.csrf_token && state.token !== said.csrf_token) return withToken(state, said.csrf_token);
  if (answer.status === 401) return later(state, signedOut(state));
  if (said.newer) return newer(state, said);
  if (answer.status === 409) return later(state, said.message);
  if (answer.status === 413) return stop(state, "size", said.message ?? "This is too long to be kept as a draft. Save the form.");
  if (answer.status >= 500 && said.message) return later(state, said.message);
  if (answer.status < 500) return stop(state, "closed", "This form is not open to you any more. Copy what you need before you leave.");
  return later(state, "The server does not answer as it should. What you typed stays on this page; it is tried again.");
}

function kept(state, count, said) {
  state.kept = Math.max(state.kept, count);
  state.key.value = said.key;
  state.at = said.at;
  state.wait = FIRST_WAIT;
  state.refused = false;
  if (state.token) for (const input of document.querySelectorAll("input[name='csrf_token']")) input.value = state.token;
  if (state.typed !== state.kept) return;
  state.form.dataset.draftKept = "yes";
  tell(state, `Draft kept ${said.at}`, "");
}

// Somebody signed in again in another tab: this page's token is the older one. Only the same person's draft is taken.
function withToken(state, token) {
  state.token = token;
  plan(state, 0);
}

function signedOut(state) {
  const safe = state.at ? `Your draft of ${state.at} is safe; what you typed since then` : "What you typed";
  return `You were signed out. ${safe} stays on this page while it is open. Sign in in another tab, or save: you are asked to sign in and nothing is lost.`;
}

function noConnection(state) {
  if (state.refused) return "No connection, so this is not saved yet. It stays on this page; save again when the connection is back.";
  return "No connection. What you typed stays on this page and is kept when the connection is back.";
}

function later(state, words) {
  tell(state, words, "off");
  plan(state, state.wait);
  state.wait = Math.min(state.wait * 2, LONGEST_WAIT);
}

function stop(state, why, words) {
  state.blocked = why;
  tell(state, words, "off");
}

function newer(state, said) {
  const notice = document.querySelector(`[data-draft-newer='${state.form.id}']`);
  stop(state, "newer", `A newer draft was kept in another window at ${said.at}: see the top of this page`);
  state.newer = said.newer;
  notice.querySelector("[data-draft-at]").textContent = said.at;
  notice.hidden = false;
}

function followNewer(state) {
  const notice = document.querySelector(`[data-draft-newer='${state.form.id}']`);
  notice?.querySelector("[data-draft-mine]").addEventListener("click", () => {
    notice.hidden = true;
    state.key.value = state.newer;
    state.blocked = "";
    state.last = Date.now();
    state.form.querySelector("input:not([type='hidden']), textarea, select")?.focus();
    send(state);
  });
}

// A draft on its way arrives before the form that is saved, or it would stand there again afterwards.
function beforeSaving(state, event) {
  if (!navigator.onLine) {
    event.preventDefault();
    event.stopImmediatePropagation();
    state.refused = true;
    return later(state, noConnection(state));
  }
  const waiting = state.flight;
  state.saving = true;
  window.clearTimeout(state.timer);
  if (!waiting) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const button = event.submitter ?? undefined;
  const enough = new Promise((done) => window.setTimeout(done, 2000));
  Promise.race([waiting, enough]).then(() => {
    window.clearTimeout(state.timer);
    state.flight = null;
    state.form.requestSubmit(button);
  });
}

function tell(state, words, mark) {
  const bar = document.querySelector(`[data-savebar='${state.form.id}']`);
  if (!bar) return;
  const place = bar.querySelector("[data-state]");
  if (place.textContent !== words) place.textContent = words;
  bar.querySelector("[data-dot]").className = `dot ${mark}`.trim();
}

for (const form of document.querySelectorAll("form[data-draft]")) keepDraft(form);
