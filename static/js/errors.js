// The summary of errors takes the focus, so that it is read out and the keyboard starts there.
export function start(root) {
  root.querySelector("#form-errors")?.focus();
}
