import { PAGE_ACTIVITIES } from './activity-colours.js';
import { embedJson } from './html.js';
import { htmlPage } from './html-page.js';
import { inlineAssets } from './inline-assets.js';
import type { PageAssets } from './inline-assets.js';
import type { PageData } from './model.js';
import { MARKER_DEFINITIONS } from './svg.js';

/** Shown by the script, because without it it would do nothing. */
export const THEME_BUTTON = '<button type="button" id="theme" hidden>Theme: system</button>';

/** Stands on the page until the script hides it (`reports/script-notice.ts`). */
export const SCRIPT_NOTICE =
  '<p class="script-notice" id="script-notice">The script of this page ' +
  'does not work here<noscript>: scripts are switched off</noscript>. A chart and buttons are ' +
  'missing; all else stands here.</p>';

/** What differs from report to report; all but the title are HTML. */
export interface PageParts {
  title: string;
  header: string;
  main: string;
  data: PageData;
}

/**
 * A page as one HTML file that needs neither a network nor another file.
 *
 * Its content security policy names the one script and the one style by their hashes and forbids
 * everything else. Tables, rules and meta data are in the HTML; the script only draws the charts
 * and works the controls.
 */
export function renderPage({ title, header, main, data }: PageParts, page: PageAssets): string {
  const { script, style, policy } = inlineAssets({
    ...page,
    style: page.style + PAGE_ACTIVITIES,
  });
  return htmlPage({
    title,
    policy,
    style,
    body: `<a class="skip" href="#main">Skip to the results</a>
${MARKER_DEFINITIONS}
<header class="top">${header}</header>
${SCRIPT_NOTICE}
<main id="main" tabindex="-1">
${main}
</main>
<script type="application/json" id="data">${embedJson(data)}</script>
<script>${script}</script>`,
  });
}
