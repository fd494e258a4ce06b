// Loaded on every page; fetches the small modules that the page at hand has use for. Everything works without them.
const page = document;

const modules = [
  ["form[data-draft]", () => import("./draft.js")],
  ["[data-drop]", () => import("./drop.js")],
  ["[data-dialog]", () => import("./dialog.js")],
  ["[data-formset]", () => import("./formset.js")],
  [".form-errors", () => import("./errors.js")],
  ["[data-copy]", () => import("./copy.js")],
  ["[data-suggest]", () => import("./suggest.js")],
];

function start(root) {
  for (const [selector, load] of modules) {
    if (root.querySelector(selector)) load().then((module) => module.start(root));
  }
}

// "/" goes to the search field: the list's own if there is one, else the one on top; Ctrl-K always to the one for everything.
page.addEventListener("keydown", (event) => {
  const everything = event.key?.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  const slash = event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey;
  if (!everything && !slash) return;
  const field = (slash && page.querySelector("#q")) || page.querySelector("[data-everything]");
  if (!field) return;
  event.preventDefault();
  field.focus();
  field.select();
});

// Menus close on Escape and on a click elsewhere.
page.addEventListener("click", (event) => {
  for (const menu of page.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
page.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && page.querySelector("details.menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

// Signing out forgets what was typed and not saved: the next person at this machine must not read it.
page.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-forget-drafts]")) return;
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith("draft:")) localStorage.removeItem(key);
  }
});

// The server shows deadlines in the reader's zone as well; this tells it which one that is.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone && !page.cookie.split("; ").includes(`tz=${zone}`)) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  page.cookie = `tz=${zone}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
}

// Without htmx a filter form still sends itself; emptied fields stay out of the address either way.
page.addEventListener("change", (event) => {
  const form = event.target.form;
  if (form?.matches("[data-autosubmit]") && !window.htmx) form.requestSubmit();
});
page.addEventListener("htmx:configRequest", (event) => {
  for (const [name, value] of [...event.detail.formData]) {
    if (event.detail.verb === "get" && value === "") event.detail.formData.delete(name);
  }
});
page.addEventListener("htmx:afterSwap", (event) => start(event.target));

if (sessionStorage.getItem("draft-sent")) await import("./draft.js").then((module) => module.settle());
start(page);
