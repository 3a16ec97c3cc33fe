// Starts every part on what it finds in the page. All of it is an addition: without scripts the pages are
// plain forms and links. No part stores anything a patient said; the browser keeps two preferences only.
import { showNow } from "./courseline.js";
import { focusErrors } from "./errors.js";
import { startKeypads } from "./keypad.js";
import { startMenus } from "./menu.js";
import { startSaveBar } from "./savebar.js";
import { startSessionForm } from "./sessionform.js";

focusErrors(document);
showNow(document);
startMenus(document);
startKeypads(document);
startSessionForm(document);
startSaveBar(document);
