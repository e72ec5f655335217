/** Hands a file to the reader's device. */
export function saveFile(content: Blob, name: string): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  // What file systems refuse in names.
  link.download = name.replace(/[\\/:*?"<>|\p{Cc}]+/gu, '-');
  link.click();
  // The download has its own hold of the content once the click is handled.
  setTimeout(() => URL.revokeObjectURL(url));
}

/** Puts a text on the clipboard; false where the browser does not let us, as on plain http. */
export async function copyText(text: string): Promise<boolean> {
  // In a context that is not secure the property is missing, whatever its type says.
  if ('clipboard' in navigator) {
    const done = await navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
    if (done) return true;
  }
  return copyByCommand(text);
}

/** The way of browsers before the clipboard had an interface; it needs no secure context. */
function copyByCommand(text: string): boolean {
  const put = (event: ClipboardEvent) => {
    event.clipboardData?.setData('text/plain', text);
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  document.addEventListener('copy', put, { capture: true, once: true });
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- the only way on plain http
  const done = document.execCommand('copy');
  document.removeEventListener('copy', put, { capture: true });
  return done;
}
