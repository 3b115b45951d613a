import { render } from 'preact';
import { TIMELINE_SCHEMA, type TimelineContent } from '../../src/play/timeline-content.js';
import { formatNsExactly } from '../../src/units.js';
import { TimelineExplorer } from './timeline-explorer.js';

const content = JSON.parse(document.getElementById('content')!.textContent!) as TimelineContent;
if (content.schema !== TIMELINE_SCHEMA) {
  throw new Error(`The page's content is ${content.schema}; its script reads ${TIMELINE_SCHEMA}.`);
}
const { scene, timeline, title } = content;
const { fromNs, toNs } = timeline.window;
const host = document.getElementById('timeline')!;
host.replaceChildren();
render(
  <main class="alone">
    <h1>{title}</h1>
    <p class="note">
      From {formatNsExactly(fromNs)} to {formatNsExactly(toNs)} of simulated time. Height is IRQL;
      solid arrows are IPIs, dotted ones DPCs that are queued to another processor. In the lanes the
      arrow keys go from event to event and choose a processor, plus and minus zoom.
    </p>
    <TimelineExplorer explored={{ scene, timeline, zeroNs: 0 }} label={title} />
  </main>,
  host,
);
