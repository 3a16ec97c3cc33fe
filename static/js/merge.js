// Two versions of a record: the field for new words stands there only while “Write it anew” is chosen.
//
//   <div data-merge-anew="merge:note"> <textarea> </div>   the name is that of the radio buttons

function followChoice(part) {
  const form = part.closest("form");
  const show = () => {
    const chosen = form.querySelector(`input[name='${CSS.escape(part.dataset.mergeAnew)}']:checked`);
    part.hidden = chosen?.value !== "anew";
  };
  form.addEventListener("change", show);
  form.addEventListener("reset", () => window.setTimeout(show));
  show();
}

for (const part of document.querySelectorAll("[data-merge-anew]")) followChoice(part);
