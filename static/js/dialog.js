// A link to a confirm page opens that page's form in a dialog. Whatever goes wrong, the link is followed instead.
async function open(link) {
  const answer = await fetch(link.href, { credentials: "same-origin" });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const form = page.querySelector("#confirm");
  if (!answer.ok || answer.redirected || !form) throw new Error("no confirm form");
  form.action = link.href;
  const dialog = document.createElement("dialog");
  const heading = document.createElement("h2");
  heading.textContent = page.querySelector("h1")?.textContent ?? "";
  heading.id = "dialog-heading";
  dialog.setAttribute("aria-labelledby", heading.id);
  dialog.append(heading, document.adoptNode(form));
  dialog.addEventListener("close", () => dialog.remove());
  dialog.querySelector("[data-close]")?.addEventListener("click", (event) => {
    event.preventDefault();
    dialog.close();
  });
  document.body.append(dialog);
  dialog.showModal();
}

export function start(root) {
  for (const link of root.querySelectorAll("a[data-dialog]:not([data-dialog-on])")) {
    link.dataset.dialogOn = "";
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      open(link).catch(() => location.assign(link.href));
    });
  }
}
