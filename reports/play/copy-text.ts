/**
 * Puts a text on the clipboard; false where the browser does not let a page do so. A text that is
 * still to come is handed over as such: WebKit takes none that arrives after the reader's click.
 */
export async function copyText(text: string | Promise<string>): Promise<boolean> {
  const type = 'text/plain';
  try {
    const content = Promise.resolve(text).then((known) => new Blob([known], { type }));
    await navigator.clipboard.write([new ClipboardItem({ [type]: content })]);
    return true;
  } catch {
    return copyKnown(await text);
  }
}

/** For browsers before 2024, of which some take no items. */
async function copyKnown(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

/** For pages out of a file, which some browsers do not trust with the clipboard. */
function copyBySelection(text: string): boolean {
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'unseen';
  document.body.append(area);
  area.select();
  const isCopied = document.execCommand('copy');
  area.remove();
  return isCopied;
}

/** Hands a text to the reader as a file. */
export function saveText(name: string, text: string, type: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1_000);
}
