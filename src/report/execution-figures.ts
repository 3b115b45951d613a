import type { ResultDocument } from '../result/document.js';
import { DPC_GUIDELINE_NS, ISR_GUIDELINE_NS } from '../stats/guidelines.js';
import { formatCount, formatNs } from '../units.js';
import { formatShare } from './format.js';
import { escapeHtml, nameHtml } from './html.js';
import type { ExecutionModel, ExecutionRow, RunTimes } from './model.js';
import { logScale, type Scale } from './scale.js';
import { stripAxis } from './source-list.js';
import { across, line } from './svg.js';

/** Sources that are shown; the JSON result holds all. */
const SHOWN = 24;

/**
 * The longest and the total time of ISRs and DPC routines under the first policy, by source; what
 * is furthest over its guideline first. Null for a result that is older than the measurement.
 */
export function executionOf({ results, scenario }: ResultDocument): ExecutionModel | null {
  const [{ processors, sources }] = results;
  const timeNs = processors.reduce(
    (sum, { timeSplit }) =>
      sum + Object.values(timeSplit).reduce((a: number, b) => a + (b ?? 0), 0),
    0,
  );
  const rows = scenario.sources.flatMap(({ name }, i): ExecutionRow[] => {
    const execution = sources[i]?.execution ?? null;
    if (execution === null) return [];
    const of = ({ maxNs, totalNs }: { maxNs: number; totalNs: number }): RunTimes | null =>
      maxNs === 0
        ? null
        : { longestNs: maxNs, totalNs, share: timeNs === 0 ? 0 : totalNs / timeNs };
    return [{ name, isr: of(execution.isr), dpc: of(execution.dpc) }];
  });
  if (rows.length < scenario.sources.length) return null;
  const excess = ({ isr, dpc }: ExecutionRow): number =>
    Math.max((isr?.longestNs ?? 0) / ISR_GUIDELINE_NS, (dpc?.longestNs ?? 0) / DPC_GUIDELINE_NS);
  const sorted = rows.filter((row) => excess(row) > 0).sort((a, b) => excess(b) - excess(a));
  if (sorted.length === 0) return null;
  return { rows: sorted.slice(0, SHOWN), left: Math.max(0, sorted.length - SHOWN) };
}

/** A row a source: marks at its longest ISR and DPC, each beside the line of its guideline. */
export function renderExecution({ rows, left }: ExecutionModel, first: string): string {
  const times = rows.flatMap(({ isr, dpc }) => [isr, dpc].flatMap((each) => each?.longestNs ?? []));
  const scale = logScale([...times, ISR_GUIDELINE_NS, DPC_GUIDELINE_NS]);
  const axis = stripAxis(scale);
  const body = rows.map((row) => renderRow(row, scale)).join('\n');
  const more =
    left === 0 ? '' : ` The JSON result holds the ${formatCount(left)} sources that are not shown.`;
  return `<h3>How long ISRs and DPC routines run</h3>
<p class="note"><svg class="swatch" width="14" height="14"
aria-hidden="true">${mark('isr', '7', 7)}</svg> ISR,
<svg class="swatch" width="14" height="14" aria-hidden="true">${mark('dpc', '7', 7)}</svg> DPC:
the longest, measured under
${nameHtml(first)}; dashed: Microsoft’s guidelines, ${formatNs(ISR_GUIDELINE_NS)} and
${formatNs(DPC_GUIDELINE_NS)}. Bold: over them.${more}</p>
<div class="scroll" role="region" tabindex="0" aria-label="Execution times by source">
<table class="sources execution">
<caption class="unseen">Execution times by source</caption>
<thead><tr><th scope="col">Source</th><th scope="col" class="strip"><span>longest</span>${axis}</th>
<th scope="col" class="n">ISR, longest</th><th scope="col" class="n">total</th><th scope="col"
class="n">of all time</th>
<th scope="col" class="n">DPC, longest</th><th scope="col" class="n">total</th><th scope="col"
class="n">of all time</th></tr></thead>
<tbody>${body}</tbody></table></div>`;
}

function renderRow({ name, isr, dpc }: ExecutionRow, scale: Scale): string {
  const guides = [
    line([scale.at(ISR_GUIDELINE_NS), 0], [scale.at(ISR_GUIDELINE_NS), 13], 'guide'),
    line([scale.at(DPC_GUIDELINE_NS), 13], [scale.at(DPC_GUIDELINE_NS), 26], 'guide'),
  ];
  const marks = [
    isr === null ? '' : mark('isr', across(scale.at(isr.longestNs)), 7),
    dpc === null ? '' : mark('dpc', across(scale.at(dpc.longestNs)), 19),
  ];
  return (
    `<tr><th scope="row">${nameHtml(name)}</th><td class="strip">` +
    `<svg class="row" height="26" aria-hidden="true">${[...guides, ...marks].join('')}</svg></td>` +
    `${renderTimes(isr, 'ISR', ISR_GUIDELINE_NS)}${renderTimes(dpc, 'DPC', DPC_GUIDELINE_NS)}</tr>`
  );
}

/** Without the table's head, on a narrow screen, the cells say what they are themselves. */
function renderTimes(times: RunTimes | null, kind: 'ISR' | 'DPC', limitNs: number): string {
  const cells = [`${kind} longest`, 'total', 'share'].map(
    (head) => `<td class="n" data-head="${head}">`,
  );
  if (times === null) return cells.map((cell) => `${cell}–</td>`).join('');
  const { longestNs, share, totalNs } = times;
  const longest = formatNs(longestNs);
  const texts = [
    longestNs > limitNs ? `<b>${longest}</b>` : longest,
    formatNs(totalNs),
    escapeHtml(formatShare(share)),
  ];
  return cells.map((cell, i) => `${cell}${texts[i]}</td>`).join('');
}

/** Told apart by shape as well as by the colour of the activity. */
function mark(kind: 'isr' | 'dpc', x: string, y: number): string {
  const [shape, activity] = kind === 'isr' ? [2, 'isr'] : [0, 'dpc-stack'];
  return `<use href="#m${shape}" class="${activity}" x="${x}" y="${y}"/>`;
}
