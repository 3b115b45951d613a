import { buildReportModel } from './build-model.js';
import { escapeHtml, embedJson, nameHtml } from './html.js';
import { inlineAssets } from './inline-assets.js';
import type { PageAssets } from './inline-assets.js';
import { pageData } from './model.js';
import type { ReportedDocument, SectionModel } from './model.js';
import { renderSection } from './render-section.js';

export type { PageAssets } from './inline-assets.js';

/**
 * A report on these results: one HTML file that needs neither a network nor another file.
 *
 * Its content security policy names the one script and the one style by their hashes and forbids
 * everything else. Tables, rules and meta data are in the HTML; the script only draws the charts
 * and works the controls. The same documents and assets give the same string.
 */
export function renderReport(documents: readonly ReportedDocument[], page: PageAssets): string {
  const { script, style, policy } = inlineAssets(page);
  const model = buildReportModel(documents);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(titleOf(model.sections))}</title>
<style>${style}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the results</a>
${renderHeader(model.sections)}
<main id="main" tabindex="-1">
${model.sections.map(renderSection).join('\n')}
</main>
<script type="application/json" id="data">${embedJson(pageData(model))}</script>
<script>${script}</script>
</body>
</html>
`;
}

function titleOf(sections: SectionModel[]): string {
  if (sections.length === 1) return `${sections[0].name} – dpcbench report`;
  return `${sections.length} scenarios – dpcbench report`;
}

function renderHeader(sections: SectionModel[]): string {
  const links = sections.map((section) =>
    `<li><a href="#${section.id}">${nameHtml(section.name)}</a></li>`).join('');
  const nav = sections.length > 1
    ? `<nav aria-label="Scenarios"><ul>${links}</ul></nav>`
    : '';
  return `<header class="top"><h1>dpcbench report</h1>
<button type="button" id="theme" hidden>Theme: system</button>
${nav}</header>`;
}
