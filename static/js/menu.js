// Menus are disclosures. Esc closes them, a click elsewhere too; `/` finds a patient and `?` opens the keyboard map.
function startMenus(root) {
  root.addEventListener("keydown", (event) => {
    if (event.key === "Escape") closeMenus(root, null, true);
    else if (!typing(event.target) && plain(event)) singleKey(root, event);
  });
  root.addEventListener("click", (event) => {
    closeMenus(root, event.target.closest("details.menu"), false);
    if (event.target.closest("a[href='#keymap']")) openKeymap(root);
  });
}

function singleKey(root, event) {
  if (root.getElementById("single-keys")?.checked === false) return;
  const find = root.getElementById("find");
  if (event.key === "/" && find) {
    event.preventDefault();
    find.focus();
    find.select();
  } else if (event.key === "?" && root.getElementById("keymap")) {
    event.preventDefault();
    openKeymap(root);
  }
}

function openKeymap(root) {
  const map = root.getElementById("keymap");
  if (!map) return;
  map.open = true;
  map.querySelector("summary").focus();
  map.scrollIntoView({ block: "nearest" });
}

function closeMenus(root, except, giveFocusBack) {
  for (const menu of root.querySelectorAll("details.menu[open]")) {
    if (menu === except) continue;
    const held = menu.contains(document.activeElement);
    menu.open = false;
    if (held && giveFocusBack) menu.querySelector("summary").focus();
  }
}

// A digit typed on a choice belongs to that choice; letters typed in a field belong to the field.
function typing(target) {
  return Boolean(target.closest?.("input:not([type=checkbox]), textarea, select, [contenteditable]"));
}

function plain(event) {
  return !event.ctrlKey && !event.metaKey && !event.altKey && !event.defaultPrevented;
}

startMenus(document);
