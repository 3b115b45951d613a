import { embedJson } from '../report/html.js';
import { htmlPage } from '../report/html-page.js';
import { inlineAssets, type PageAssets } from '../report/inline-assets.js';
import { TIMELINE_STYLE } from '../report/timeline-style.js';
import type { TimelineContent } from './timeline-content.js';

/** A timeline as one HTML file that opens from disk and asks no network for anything. */
export function renderTimeline(content: TimelineContent, assets: PageAssets): string {
  const { policy, script, style } = inlineAssets({
    ...assets,
    style: assets.style + TIMELINE_STYLE,
  });
  return htmlPage({
    title: content.title,
    policy,
    style,
    body: `<div id="timeline"><p class="starting">A timeline of dpcbench. It needs scripts;
<code>dpcbench timeline -o FILE.svg</code> draws one that does not.</p></div>
<script type="application/json" id="content">${embedJson(content)}</script>
<script>${script}</script>`,
  });
}
