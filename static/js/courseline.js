// A course line wider than its place starts where the course is now, not at its first session.

function showNow(root) {
  for (const line of root.querySelectorAll(".course")) {
    const now = line.querySelector("[aria-current='step']");
    if (!now || line.scrollWidth <= line.clientWidth) continue;
    line.scrollLeft = now.offsetLeft - line.clientWidth / 2;
  }
}

showNow(document);
