// A button copies the text of another element and says so.
export function start(root) {
  for (const button of root.querySelectorAll("[data-copy]:not([data-copy-on])")) {
    button.dataset.copyOn = "";
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.querySelector(button.dataset.copy).textContent.trim());
      button.textContent = button.dataset.copied ?? "✓";
    });
  }
}
