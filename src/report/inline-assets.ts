/** A page's own script and style, bundled for the browser. */
export interface PageAssets {
  script: string;
  style: string;
  /** A second script, which the first one starts when it needs it. */
  later?: string;
  /** SHA-256 of a text in UTF-8, as base64: browsers and Node have one each, and no common one. */
  sha256: (text: string) => string;
}

/**
 * The assets as they may stand in their elements, and a content security policy that names them by
 * their hashes and forbids everything else. Throws Error for an asset that would end its element.
 */
export function inlineAssets(
  page: PageAssets,
): Required<Omit<PageAssets, 'sha256'>> & { policy: string } {
  const script = inlineText(page.script, 'script');
  const later = inlineText(page.later ?? '', 'script');
  const style = inlineText(page.style, 'style');
  const hashSource = (text: string): string => `'sha256-${page.sha256(text)}'`;
  const scripts = later === '' ? [script] : [script, later];
  const policy = [
    "default-src 'none'",
    `script-src ${scripts.map(hashSource).join(' ')}`,
    `style-src ${hashSource(style)}`,
    "connect-src 'none'",
    "img-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return { script, style, later, policy };
}

/** What the browser hashes must be what is hashed here: it reads CR as LF and ends at a tag. */
function inlineText(text: string, element: 'script' | 'style'): string {
  const normalized = text.replace(/\r\n?/g, '\n');
  if (new RegExp(`</${element}|<!--`, 'i').test(normalized)) {
    const seen = `"</${element}" or "<!--"`;
    throw new Error(`The page's ${element} contains ${seen}: it cannot be inlined.`);
  }
  return normalized;
}
