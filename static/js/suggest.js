// A search box that suggests while one types: an ARIA combobox with a list. Without this file the form simply sends itself.
const WAIT = 140;
const SHORTEST = 2;

export function start(root) {
  for (const box of root.querySelectorAll("[data-suggest]:not([data-suggest-on])")) {
    box.dataset.suggestOn = "";
    new Suggestions(box);
  }
}

class Suggestions {
  constructor(box) {
    this.box = box;
    this.list = document.createElement("div");
    this.list.id = `${box.id}-list`;
    this.list.className = "suggestions";
    this.list.hidden = true;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", box.labels[0].textContent);
    box.after(this.list);
    box.setAttribute("role", "combobox");
    box.setAttribute("aria-autocomplete", "list");
    box.setAttribute("aria-controls", this.list.id);
    box.setAttribute("aria-expanded", "false");
    box.addEventListener("input", () => this.later());
    box.addEventListener("keydown", (event) => this.key(event));
    box.addEventListener("blur", () => this.close());
    this.list.addEventListener("pointerdown", (event) => event.preventDefault()); // the box keeps the focus
  }

  get options() {
    return [...this.list.children];
  }

  get chosen() {
    return this.list.querySelector("[aria-selected=true]");
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), WAIT);
  }

  // The newest question wins; an answer that comes too late, or not at all, is left out.
  async ask() {
    this.asked?.abort();
    const typed = this.box.value.trim();
    if (typed.length < SHORTEST) return this.close();
    this.asked = new AbortController();
    try {
      const address = `${this.box.dataset.suggest}?q=${encodeURIComponent(typed)}`;
      const answer = await fetch(address, { signal: this.asked.signal });
      if (answer.ok) this.show(await answer.text());
    } catch (error) {
      if (error.name !== "AbortError") this.close();
    }
  }

  show(html) {
    this.list.innerHTML = html;
    for (const option of this.options) option.id = `${this.box.id}-${option.id}`; // two boxes may stand on one page
    const open = this.options.length > 0 && document.activeElement === this.box;
    this.list.hidden = !open;
    this.box.setAttribute("aria-expanded", String(open));
    this.box.removeAttribute("aria-activedescendant");
  }

  close() {
    clearTimeout(this.timer);
    this.asked?.abort();
    this.list.hidden = true;
    this.box.setAttribute("aria-expanded", "false");
    this.box.removeAttribute("aria-activedescendant");
  }

  key(event) {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (this.list.hidden) this.ask();
      else this.step(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter") {
      const link = !this.list.hidden && this.chosen;
      if (!link) return this.close();
      event.preventDefault();
      link.click();
    } else if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault(); // the first Escape closes the list, the next empties the box
      this.close();
    }
  }

  // Past either end the choice goes back to what was typed.
  step(by) {
    const options = this.options;
    const now = options.indexOf(this.chosen);
    const places = options.length + 1;
    const next = options[(((now + 1 + by) % places) + places) % places - 1];
    for (const option of options) option.setAttribute("aria-selected", String(option === next));
    if (!next) return this.box.removeAttribute("aria-activedescendant");
    this.box.setAttribute("aria-activedescendant", next.id);
    next.scrollIntoView({ block: "nearest" });
  }
}
