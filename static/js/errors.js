// After a failed save the focus goes to the summary; its links lead to the fields in the order of the page.

function focusErrors(root) {
  const summary = root.querySelector("[data-errors]");
  if (!summary) return;
  summary.focus();
  summary.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    const field = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!field) return;
    event.preventDefault();
    openAround(field);
    field.focus({ preventScroll: true });
    (field.closest(".field, .item") ?? field).scrollIntoView({ block: "start" });
  });
}

// A field inside a closed disclosure cannot take the focus.
function openAround(field) {
  for (let part = field.closest("details"); part; part = part.parentElement?.closest("details")) {
    part.open = true;
  }
}

focusErrors(document);
