import { embedJson } from '../report/html.js';
import { htmlPage } from '../report/html-page.js';
import { inlineAssets } from '../report/inline-assets.js';
import { TIMELINE_STYLE } from '../report/timeline-style.js';
import type { PlayContent } from './play-content.js';

/** The page's own code, bundled for the browser. */
export interface PlayAssets {
  script: string;
  worker: string;
  /** The text editor, which is started when it is opened. */
  editor: string;
  style: string;
  /** SHA-256 of a text in UTF-8, as base64. */
  sha256: (text: string) => string;
}

/**
 * The live page as one HTML file, which opens from disk. Its content security policy allows the one
 * script and style by their hashes, workers out of the page's own text and the kernel; no network.
 */
export function renderPlay(content: PlayContent, assets: PlayAssets): string {
  const { later, script, style, policy } = inlineAssets({
    ...assets,
    later: assets.editor,
    style: assets.style + TIMELINE_STYLE,
  });
  const allowed = policy
    .replace("script-src '", "script-src 'wasm-unsafe-eval' '")
    .concat('; worker-src blob:');
  return htmlPage({
    title: 'dpcbench play',
    policy: allowed,
    style,
    body: `<div id="play"><p class="starting">dpcbench play: the machine of Windows DPCs,
live. It needs scripts, workers and WebAssembly.</p></div>
<script type="text/plain" id="worker">${dataText(assets.worker)}</script>
<script type="text/plain" id="editor">${later}</script>
<script type="application/json" id="content">${embedJson(content)}</script>
<script>${script}</script>`,
  });
}

/** A script that is data here and code in a worker: nothing in it may end its element. */
function dataText(script: string): string {
  if (/<\/script|<!--/i.test(script)) {
    throw new Error('The worker contains "</script" or "<!--": it cannot be inlined.');
  }
  return script;
}
