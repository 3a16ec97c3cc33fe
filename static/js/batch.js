// Reports of a caseload are made while their page is open: the form of "Go on" is sent again and again, and the marked
// parts of each answer, which is the same page, take the place of the old ones. Without scripts the button does it.

const PARTS = ["made", "all", "without", "left-out"];
const LOOK_AGAIN = [1500, 3000, 6000, 12000, 24000]; // milliseconds after the file was asked for

function follow(root) {
  root.addEventListener("submit", (event) => {
    if ("take" in event.target.dataset) taking(root.querySelector("[data-batch]"));
  });
  const batch = root.querySelector("[data-batch='making']");
  const form = batch?.querySelector("[data-go-on]");
  if (!form) return;
  const state = { batch, form, stop: new AbortController(), runs: false };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    goOn(state);
  });
  window.addEventListener("pagehide", () => state.stop.abort());
  window.addEventListener("pageshow", (event) => event.persisted && window.location.reload());
  goOn(state);
}

async function goOn(state) {
  if (state.runs) return;
  state.runs = true;
  showButton(state, false);
  try {
    while (show(state, await next(state)));
  } catch {
    if (!state.stop.signal.aborted) stopped(state);
  }
  state.runs = false;
}

async function next({ form, stop }) {
  const body = new URLSearchParams(new FormData(form));
  const answer = await fetch(form.action, { method: "POST", body, signal: stop.signal });
  const found = await read(answer);
  if (!found) throw new Error("another page");
  return found;
}

// A file in answer leaves this page as it was: it asks how things stand until the file is on its way.
async function taking(batch) {
  for (const wait of LOOK_AGAIN) {
    await new Promise((later) => window.setTimeout(later, wait));
    const page = await fetch(window.location.href).then(read, () => null);
    if (page && page.dataset.batch !== "ready") {
      finish({ batch }, page);
      return;
    }
  }
}

async function read(answer) {
  if (!answer.ok) return null;
  return new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-batch]");
}

// True while more is to be made. When that is over the whole takes the place of the old, with what can be done next.
function show(state, found) {
  if (found.dataset.batch !== "making") {
    finish(state, found);
    return false;
  }
  for (const name of PARTS) part(state.batch, name).replaceChildren(...part(found, name).childNodes);
  const [bar, newer] = [state.batch, found].map((each) => each.querySelector("progress"));
  bar.max = newer.max;
  bar.value = newer.value;
  say(state, found.querySelector("[data-says]").textContent);
  return true;
}

function finish(state, found) {
  const had = state.batch.contains(document.activeElement);
  for (const name of [...PARTS, "acts"]) part(state.batch, name).replaceChildren(...part(found, name).childNodes);
  const bar = state.batch.querySelector("progress");
  if (found.querySelector("progress")) bar.value = bar.max;
  else bar?.remove();
  state.batch.dataset.batch = found.dataset.batch;
  say(state, found.querySelector("[data-says]").textContent);
  if (had) part(state.batch, "acts").querySelector("button, a")?.focus();
}

function stopped(state) {
  say(state, state.batch.querySelector("[data-says]").dataset.stopped);
  showButton(state, true);
}

function showButton({ form }, shown) {
  form.hidden = !shown;
}

function say({ batch }, words) {
  const place = batch.querySelector("[data-says]");
  if (place.textContent !== words) place.textContent = words;
}

function part(batch, name) {
  return batch.querySelector(`[data-part='${name}']`);
}

follow(document);
