import type { Step } from '../timeline/explain-event.js';
import { fewCauses, type LongestWait, type WorstWait } from '../timeline/worst-wait.js';
import { formatCount, formatNs, formatNsExactly } from '../units.js';
import { ACTIVITY_WORDS } from './activity-colours.js';
import { drawLanes } from './draw-lanes.js';
import { lanesOfWait } from './draw-worst-wait.js';
import { formatShare, unbroken } from './format.js';
import { escapeHtml, nameHtml } from './html.js';
import type { LongestModel } from './model.js';
import { renderRich } from './rich-text.js';
import { swatch } from './svg.js';

/** All pictures of a section together, in characters. */
const MOST_CHARACTERS = 64_000;
/** A picture of one or two policies needs no more. */
const MOST_EACH = 30_000;
/** Processors beside the one that the wait is about. */
const MOST_OTHERS = 2;
/** So many stand open. */
const OPEN = 2;

/** The longest wait of a DPC under each policy: what caused it, in words and as a picture. */
export function renderLongest(
  longest: LongestModel | null,
  policies: readonly string[],
  id: string,
): string {
  if (longest === null) return '';
  if (longest.waits === null) return renderCommand(longest.text, longest.command);
  const { command, waits } = longest;
  const most = Math.min(MOST_EACH, Math.floor(MOST_CHARACTERS / waits.length));
  const told = waits.map((wait, i) => renderWait(wait, { policies, policy: i, most }));
  const html = `<div class="waits">${told.join('\n')}</div>`;
  const key = ACTIVITY_WORDS.filter(([name]) => html.includes(`class="${name}"`)).map(
    ([name, words]) => `<span>${keyBox(name)} ${words}</span>`,
  );
  return `<h2 id="${id}-longest">The longest waits, step by step</h2>
<p class="note">The DPC that waited longest on its queue, found again: from its insert to its
routine. In the lanes, height is the IRQL, what waits lies under them; R and a number name
the rule that acted.</p>
${key.length === 0 ? '' : `<p class="key lane-key">${key.join(' ')}</p>`}
${html}
${command === null ? '' : renderCommand('What happened around it:', command)}`;
}

function keyBox(name: string): string {
  return (
    '<svg class="swatch" aria-hidden="true" width="14" height="14">' +
    `<rect class="${name}" y="1" width="13" height="12"/></svg>`
  );
}

function renderCommand(text: string, command: string): string {
  return `<p class="longest-wait">${escapeHtml(text)} <code>${nameHtml(command)}</code></p>`;
}

interface Place {
  policies: readonly string[];
  policy: number;
  most: number;
}

function renderWait(wait: LongestWait, { most, policies, policy }: Place): string {
  const name = `<span class="p p${policy}">${swatch(policy)} ${nameHtml(policies[policy])}</span>`;
  if (wait.kind === 'none') return `<h3 class="longest">${name} No DPC was taken.</h3>`;
  if (wait.kind === 'far') {
    return `<h3 class="longest">${name} ${formatNs(wait.waitNs)}, not told here: in its shard more
than ${formatCount(wait.events)} events come before it, which takes long to find again.</h3>`;
  }
  const { worst } = wait;
  const causes = fewCauses(worst.causes).map((cause) => renderCause(cause, worst));
  const { picture, shard, queuedNs } = pictureOf(worst, most);
  return `<div><h3 class="longest">${name} ${escapeHtml(titleOf(worst))}</h3>
<details class="longest"${policy < OPEN ? ' open' : ''}><summary>Step by step</summary>
<ol class="causes">${causes.join('')}</ol>
${picture}
<p class="note">Shard ${formatCount(shard)}, ${formatNsExactly(queuedNs)} after its start.</p>
</details></div>`;
}

function titleOf({ dpc, parts, wait, waitNs }: WorstWait): string {
  const [first] = parts;
  const share = unbroken(formatShare(first.ns / Math.max(1, waitNs)));
  const where = `${dpc} on processor ${wait.processor}`;
  return `${unbroken(formatNs(waitNs))}: ${where}; ${share} of it: ${first.activity}`;
}

function renderCause(cause: Step | number, { wait }: WorstWait): string {
  if (typeof cause === 'number') return `<li><i>… ${formatCount(cause)} more …</i></li>`;
  const afterNs = cause.t - wait.queuedNs;
  const time = afterNs === 0 ? '0' : `+${formatNs(afterNs)}`;
  const rule = cause.rule === '' ? '' : `<b>${escapeHtml(cause.rule)}</b> `;
  return (
    `<li><span class="when">${time.replace(' ', '&nbsp;')}</span> <span>${rule}` +
    `${renderRich([cause.text], [])}</span></li>`
  );
}

function pictureOf(
  worst: WorstWait,
  mostCharacters: number,
): { picture: string; shard: number; queuedNs: number } {
  const { dpc, shard, timeline, wait, waitNs } = worst;
  const { processor, queuedNs, takenNs } = wait;
  const picture = drawLanes(timeline, {
    summary:
      `Timeline: ${dpc} waits ${formatNs(waitNs)} on processor ${processor}; ` +
      'the causes stand above.',
    zeroNs: queuedNs,
    lanes: lanesOfWait(worst, MOST_OTHERS),
    marked: { processor, fromNs: queuedNs, toNs: takenNs },
    mostCharacters,
  });
  return { picture, shard, queuedNs };
}
