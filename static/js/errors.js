// After a failed save the focus goes to the summary (by its autofocus, scripts or not). Its links lead to the fields in
// the order of the page; here they also open a disclosure around the field and bring its label into view.

function followErrorLinks(root) {
  const summary = root.querySelector("[data-errors]");
  if (!summary) return;
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

followErrorLinks(document);
