// The rows of a group session: somebody who came late has the minutes to say, so that row unfolds by itself.
//
//   <div data-member> <select data-attendance> ... <details> ... </div>

function startRows(root) {
  for (const row of root.querySelectorAll("[data-member]")) {
    const attendance = row.querySelector("[data-attendance]");
    attendance.addEventListener("change", () => {
      if (attendance.value === "attended_late") row.querySelector("details").open = true;
    });
  }
}

startRows(document);
