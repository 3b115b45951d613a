import { ACTIVITY_WORDS, activityProperties } from './activity-colours.js';

const FILLS = ACTIVITY_WORDS.map(([name]) => `.tl-${name}{fill:var(--${name})}`).join('');

/** The style of a timeline that stands alone or in a live page; classes begin with `tl-`. */
export const TIMELINE_STYLE =
  `.timeline{${activityProperties('light')}}` +
  `@media screen and (prefers-color-scheme:dark){.timeline{${activityProperties('dark')}}}` +
  `
.timeline{--tl-paper:#fff;--tl-ink:#16181d;--tl-soft:#59616e;--tl-grid:#e2e5ea;--tl-base:#aeb5bf;
--tl-mark:#b45309;font-family:system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
@media screen and (prefers-color-scheme:dark){.timeline{--tl-paper:#14171b;--tl-ink:#e8eaed;
--tl-soft:#a3acb7;--tl-grid:#262c34;--tl-base:#59626e;--tl-mark:#e0913a}}
.tl-paper{fill:var(--tl-paper)}.timeline text{fill:var(--tl-ink);font-size:12px}
.timeline .tl-title{font-size:18px;font-weight:650}.timeline .tl-note{fill:var(--tl-soft)}
.timeline .tl-irql{fill:var(--tl-soft);font-size:9px}.timeline .tl-name{font-weight:600}
.timeline .tl-on{font-size:9.5px;fill:var(--on)}
.timeline .tl-on-pale{font-size:9.5px;fill:var(--on-pale)}
.tl-grid{stroke:var(--tl-grid)}.tl-base{stroke:var(--tl-base)}
.tl-wait{fill:var(--tl-soft)}.tl-arrow{fill:none;stroke:var(--tl-ink);stroke-width:1.2}
.tl-dpc-arrow{stroke-dasharray:3 3}
.tl-tip{fill:var(--tl-ink)}.tl-mark{fill:var(--tl-mark);fill-opacity:.08;stroke:var(--tl-mark)}
`.replaceAll('\n', '') +
  FILLS;
