// A file field says what was chosen and how big it is, takes a dropped file, and warns before a file too big is sent.
const size = (bytes) => (bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`);

function describe(box, input) {
  const text = box.querySelector("[data-drop-text]");
  text.dataset.empty ??= text.textContent;
  const files = [...input.files];
  const names = files.map((file) => `${file.name} (${size(file.size)})`).join(", ");
  text.textContent = files.length ? `${text.dataset.chosen} ${names}` : text.dataset.empty;
  const max = Number(input.dataset.maxBytes ?? Infinity);
  const tooBig = files.some((file) => file.size > max);
  text.classList.toggle("wrong", tooBig);
  input.setCustomValidity(tooBig ? input.dataset.tooBig ?? `${size(max)}` : "");
}

export function start(root) {
  for (const box of root.querySelectorAll("[data-drop]:not([data-drop-on])")) {
    const input = box.querySelector("input[type=file]");
    box.dataset.dropOn = "";
    input.addEventListener("change", () => describe(box, input));
    box.addEventListener("dragover", (event) => {
      event.preventDefault();
      box.classList.add("over");
    });
    box.addEventListener("dragleave", () => box.classList.remove("over"));
    box.addEventListener("drop", (event) => {
      event.preventDefault();
      box.classList.remove("over");
      input.files = event.dataTransfer.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }
}
