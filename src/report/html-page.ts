import { escapeHtml } from './html.js';

export interface PageFrame {
  /** Text; the rest is HTML. */
  title: string;
  /** The content security policy, which names what the page may run by its hash. */
  policy: string;
  style: string;
  body: string;
}

/** One HTML file that needs neither a network nor another file. */
export function htmlPage({ title, policy, style, body }: PageFrame): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
${body}
</body>
</html>
`;
}
