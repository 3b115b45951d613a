/** Text as HTML text or as a double-quoted attribute's value. */
export function escapeHtml(text: string): string {
  return (
    text
      // What an HTML parser drops or replaces would leave chart and table in disagreement.
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, '\ufffd')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      .replaceAll("'", '&#39;')
  );
}

/** Text that somebody else chose: its writing direction cannot spill into what stands around it. */
export function nameHtml(name: string): string {
  return `<bdi>${escapeHtml(name)}</bdi>`;
}

/** JSON for a script element: no `<`, so neither an end tag nor a comment can begin in it. */
export function embedJson(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}
