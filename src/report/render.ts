import { buildReportModel } from './build-model.js';
import { nameHtml } from './html.js';
import type { PageAssets } from './inline-assets.js';
import type { ResultDocument } from '../result/document.js';
import type { LongestWait } from '../timeline/worst-wait.js';
import type { SectionModel } from './model.js';
import { pageData } from './page-data.js';
import { renderPage, THEME_BUTTON } from './render-page.js';
import { renderSection } from './render-section.js';

export type { PageAssets } from './inline-assets.js';

/**
 * A report on these results: one HTML file that needs neither a network nor another file. The same
 * documents and assets give the same string. `waits`: the longest ones of each document, by policy,
 * where they were looked for.
 */
export function renderReport(
  documents: readonly ResultDocument[],
  page: PageAssets,
  waits: readonly (LongestWait[] | null)[] = [],
): string {
  const { sections } = buildReportModel(documents, waits);
  return renderPage(
    {
      title: titleOf(sections),
      header: renderHeader(sections),
      main: sections.map(renderSection).join('\n'),
      data: pageData(sections),
    },
    page,
  );
}

function titleOf(sections: SectionModel[]): string {
  if (sections.length === 1) return `${sections[0].name} – dpcbench report`;
  return `${sections.length} scenarios – dpcbench report`;
}

function renderHeader(sections: SectionModel[]): string {
  const links = sections
    .map((section) => `<li><a href="#${section.id}">${nameHtml(section.name)}</a></li>`)
    .join('');
  const nav = sections.length > 1 ? `<nav aria-label="Scenarios"><ul>${links}</ul></nav>` : '';
  return `<p class="brand">dpcbench report</p>
${THEME_BUTTON}
${nav}`;
}
