// Adds one more row to a formset, from its empty form.
export function start(root) {
  for (const box of root.querySelectorAll("[data-formset]:not([data-formset-on])")) {
    box.dataset.formsetOn = "";
    const add = box.querySelector("[data-formset-add]");
    const total = box.querySelector(`[name="${box.dataset.formset}-TOTAL_FORMS"]`);
    const template = box.querySelector("template");
    add.hidden = false;
    add.addEventListener("click", () => {
      const row = document.createElement("div");
      row.innerHTML = template.innerHTML.replaceAll("__prefix__", total.value);
      total.value = Number(total.value) + 1;
      const added = row.firstElementChild;
      template.before(added);
      added.querySelector("input:not([type=hidden]), select, textarea")?.focus();
    });
  }
}
