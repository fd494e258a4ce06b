// The first summary of errors takes the focus, so that it is read out and the keyboard starts there.
export function start(root) {
  root.querySelector(".form-errors[role=alert]")?.focus();
}
