// Keeps what was typed into a form in this browser until the server has taken it: an expired session, a crash or a closed lid
// loses nothing. Never kept: passwords, files, the CSRF token, other hidden fields. A draft is offered only to the person who
// typed it, and forgotten when that person signs out.
const PREFIX = "draft:";
const SENT = "draft-sent"; // which draft was just sent, until the next page tells whether it arrived
const KEPT_FOR = 14 * 86400000;
const SKIPPED = new Set(["hidden", "password", "file", "submit", "button"]);

const words = document.getElementById("draft-offer");
const who = words?.dataset.who ?? "";
const fieldsOf = (form) => [...form.elements].filter((field) => field.name && !SKIPPED.has(field.type));
const isChoice = (field) => field.type === "checkbox" || field.type === "radio";

function read(form) {
  return fieldsOf(form).map((field) => {
    if (isChoice(field)) return [field.name, field.value, field.checked];
    if (field.multiple) return [field.name, [...field.selectedOptions].map((option) => option.value), null];
    return [field.name, field.value, null];
  });
}

function write(form, kept) {
  const fields = fieldsOf(form);
  for (const [name, value, checked] of kept) {
    const field = fields.find((one) => one.name === name && (checked === null || one.value === value));
    if (!field) continue;
    if (checked !== null) field.checked = checked;
    else if (Array.isArray(value)) for (const option of field.options) option.selected = value.includes(option.value);
    else field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

function stored(key) {
  try {
    const draft = JSON.parse(localStorage.getItem(key));
    return draft && draft.who === who && Date.now() - draft.at < KEPT_FOR ? draft : null;
  } catch {
    return null;
  }
}

// The page after a sent form says whether the server took it.
export function settle() {
  const sent = sessionStorage.getItem(SENT);
  if (!sent) return;
  sessionStorage.removeItem(SENT);
  const refused = document.querySelector(".door, .trouble, .form-errors, .errorlist");
  if (!refused) localStorage.removeItem(sent);
}

function offer(form, key, draft) {
  const box = words.content.firstElementChild.cloneNode(true);
  // plain "en" would be read as American; the portal writes 6 May, 17:00
  const language = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang;
  const when = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });
  box.querySelector("time").textContent = when.format(draft.at);
  box.querySelector("[data-restore]").addEventListener("click", () => {
    write(form, draft.fields);
    box.remove();
  });
  box.querySelector("[data-forget]").addEventListener("click", () => {
    localStorage.removeItem(key);
    box.remove();
  });
  form.prepend(box);
}

function watch(form) {
  const key = PREFIX + form.dataset.draft;
  const atStart = JSON.stringify(read(form));
  const draft = stored(key);
  if (draft && JSON.stringify(draft.fields) !== atStart) offer(form, key, draft);

  let timer;
  const changed = () => JSON.stringify(read(form)) !== atStart;
  const keep = () => {
    if (changed()) localStorage.setItem(key, JSON.stringify({ at: Date.now(), who, fields: read(form) }));
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(keep, 400);
  });
  // The button waits for an autosave that is on its way, and none sets out after it: who is quick is not told that somebody
  // else saved meanwhile.
  let saving = false;
  let leaving = false;
  let pressed = null;
  form.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target !== form) return;
    if (leaving) event.preventDefault();
    else saving = true;
  });
  form.addEventListener("htmx:afterRequest", (event) => {
    if (event.target !== form) return;
    saving = false;
    if (pressed) form.requestSubmit(pressed);
  });
  // An autosave that failed must not leave "saved at 12:00" standing.
  for (const failure of ["htmx:responseError", "htmx:sendError"]) {
    form.addEventListener(failure, (event) => {
      const told = event.target === form && form.dataset.notSaved && event.detail.target;
      if (!told) return;
      told.textContent = form.dataset.notSaved;
      told.classList.add("due");
    });
  }
  form.addEventListener("submit", (event) => {
    if (saving) {
      event.preventDefault();
      pressed = event.submitter;
      return;
    }
    leaving = true;
    pressed = null;
    keep();
    sessionStorage.setItem(SENT, key);
  });
  addEventListener("pagehide", keep);
  addEventListener("pageshow", () => {
    leaving = false; // back by the browser's button, the page is as it was left
  });
}

export function start(root) {
  for (const form of root.querySelectorAll("form[data-draft]:not([data-draft-on])")) {
    form.dataset.draftOn = "";
    watch(form);
  }
}
