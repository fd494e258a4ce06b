// What the administration's own scripts leave without a name or out of the keyboard's reach.
{
  const wordsFor = (select) => select.getAttribute("aria-label") ?? select.labels[0]?.textContent.replace("*", "").trim();

  // Select2 draws a box beside a select; it takes the select's name, and so does the field that comes when it opens.
  const nameBox = (box) => {
    const words = wordsFor(box.previousElementSibling);
    if (!words) return;
    for (const part of box.querySelectorAll("[role=combobox], [role=textbox], [role=searchbox]")) {
      part.setAttribute("aria-label", words);
      // It would win over the name, and says only what is chosen: nothing, where nothing is.
      if (part.matches("[role=combobox]")) part.removeAttribute("aria-labelledby");
    }
    if (box.matches(".select2-container--open")) {
      document.querySelector(".select2-dropdown [role=searchbox]")?.setAttribute("aria-label", words);
    }
  };

  // What opens on a click alone; `first` is where the keyboard goes on.
  const makeButton = (opener, words, first) => {
    opener.setAttribute("role", "button");
    opener.setAttribute("tabindex", "0");
    opener.setAttribute("aria-label", words);
    opener.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      opener.click();
      setTimeout(() => first()?.focus(), 200); // when the transition has shown it
    });
  };

  // The menu beside a reference (change it, add another) stands at the end of the page; its links are its name.
  const nameMenu = (opener) => {
    const name = opener.getAttribute("x-ref").replace("relatedWidgetWrapper", "");
    const menu = document.getElementById(`related-widget-wrapper-${name}`);
    if (!menu) return;
    const words = [...menu.querySelectorAll("a")].map((link) => link.title).join(", ");
    makeButton(opener, words, () => menu.querySelector("a[href]"));
    menu.addEventListener("keydown", (event) => event.key === "Escape" && opener.focus());
  };

  const nameFilters = (opener) =>
    makeButton(opener, opener.firstChild.textContent.trim(), () => document.querySelector("#filter-form :is(input, select, a)"));

  const mend = () => {
    document.querySelectorAll("select + .select2-container").forEach(nameBox);
    document.querySelectorAll("[x-ref^=relatedWidgetWrapper]:not([role])").forEach(nameMenu);
    document.querySelectorAll("a[x-on\\:click='filterOpen = true']:not([role])").forEach(nameFilters);
  };

  document.addEventListener("DOMContentLoaded", () => {
    // Every choice of many has a cross of its own; the one for all of them would stand in the list as no item of it.
    for (const select of document.querySelectorAll("select[multiple][data-allow-clear]")) {
      select.dataset.allowClear = "false";
    }
    new MutationObserver(mend).observe(document.body, { childList: true, subtree: true });
    mend();
  });
}
