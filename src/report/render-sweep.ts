import { shortPaths } from '../result/short-path.js';
import type { SweepDocument, SweepPoint } from '../result/sweep-document.js';
import { mainEffects } from '../stats/main-effects.js';
import { frontPoints, loadParameters } from '../stats/pareto.js';
import { formatCount, formatCountOf } from '../units.js';
import { escapeHtml, nameHtml } from './html.js';
import { htmlPage } from './html-page.js';
import { markerId, markerShapes } from './svg.js';
import { endsOf } from './svg-axis.js';
import { colour, frontChart, lineChart, scatterChart } from './sweep-charts.js';
import { heatMap } from './sweep-heat-map.js';
import { SWEEP_STYLE } from './sweep-style.js';
import { figureLabel, MOST_ROWS, rowOf, valueText } from './sweep-words.js';

/** More of them on a page are not looked at. */
const MOST_CHARTS = 24;
/** With more marks a page is tens of megabytes, and one cannot tell them apart. */
const MOST_DRAWN = 20_000;
/** A longer table of the front stands before what comes after it. */
const FOLDED_ROWS = 12;

/** Every mark is a reference to one of these. */
const MARKERS =
  '<svg class="unseen" aria-hidden="true" width="0" height="0"><defs>' +
  `${markerShapes('m')}${markerShapes('s')}</defs></svg>`;

/**
 * The page of a sweep: one HTML file without a script, that needs no network. Each mark leads to
 * the row of its point, which tells the command that repeats it.
 */
export function renderSweep(sweep: SweepDocument, sha256: (text: string) => string): string {
  const policy = `default-src 'none'; style-src 'sha256-${sha256(SWEEP_STYLE)}'; base-uri 'none'`;
  return htmlPage({
    title: `${sweep.name}: a sweep`,
    policy,
    style: SWEEP_STYLE,
    body: `${MARKERS}
<main>
${[header(sweep), frontPart(sweep), chartPart(sweep), pointTable(sweep)].join('\n')}
</main>`,
  });
}

function header(sweep: SweepDocument): string {
  const { name, parameters, points, question, seed } = sweep;
  const failed = points.filter(({ problem }) => problem !== '').length;
  const facts = [
    formatCountOf(points.length - failed, 'point'),
    ...parameters.map(({ path, values }) => `${path}: ${formatCountOf(values.length, 'value')}`),
    `seed ${seed}`,
  ];
  const left =
    failed === 0
      ? ''
      : `<p class="note">${formatCount(failed)} choices are no scenarios; the table says why.</p>`;
  const noted = points.filter(({ note }) => note !== '');
  const unsettled =
    noted.length === 0
      ? ''
      : `<p class="note">${formatCountOf(noted.length, 'point')}: ${unbroken(noted[0].note)}</p>`;
  return `<p class="meta">dpcbench sweep · ${nameHtml(name)} · ${nameHtml(question)}</p>
<h1>${answer(sweep)}</h1>
<p class="meta">${facts.map(escapeHtml).join(' · ')}</p>
${left}${unsettled}${legend(sweep)}`;
}

/** An option and its value stay on one line: a break after its hyphens tears it apart. */
function unbroken(text: string): string {
  return escapeHtml(text).replace(/--[\w-]+ [\w.]+/g, '<span class="option">$&</span>');
}

/** What moves either figure most, as a sentence. */
function answer(sweep: SweepDocument): string {
  const known = sweep.front.flatMap((figure) => {
    const [first] = mainEffects(sweep, figure);
    return first === undefined ? [] : [{ figure, first }];
  });
  if (known.length === 0) return 'Too few points have these figures to say what moves them';
  const said = known.flatMap(({ figure, first }) => {
    if (first.least.mean === first.most.mean) return [];
    const { name, unit } = sweep.figures[figure];
    const { least, most, parameter } = first;
    const place = parameter === 'policy' ? 'under' : 'at';
    const [from, to] = [least, most].map(
      ({ at, mean }) => `${escapeHtml(valueText(mean, unit))} ${place} ${nameHtml(at)}`,
    );
    return [{ figure: escapeHtml(figureLabel(name)), parameter, by: `from ${from} to ${to}` }];
  });
  if (said.length === 0) return 'Nothing that was varied moves either figure';
  const [first, second] = said;
  const of = (parameter: string): string =>
    parameter === 'policy' ? 'the policy' : nameHtml(shortOf(sweep, parameter));
  const start = `${of(first.parameter)} moves ${first.figure} most, ${first.by}`;
  const end =
    second === undefined
      ? ''
      : second.parameter === first.parameter
        ? `, and ${second.figure}, ${second.by}`
        : `; ${of(second.parameter)} moves ${second.figure} most, ${second.by}`;
  return `${start}${end}`.replace(/^the policy/, 'The policy');
}

function shortOf({ parameters }: SweepDocument, parameter: string): string {
  const paths = parameters.map(({ path }) => path);
  return shortPaths(paths)[paths.indexOf(parameter)] ?? parameter;
}

function legend({ policies }: SweepDocument): string {
  const items = policies.map(
    (policy, i) =>
      `<li class="p${i % 8}"><svg class="swatch" aria-hidden="true" width="14" height="14">` +
      `<use href="#${markerId(i, 'm')}" class="d" x="7" y="7"/></svg>${nameHtml(policy)}</li>`,
  );
  return `<ul class="legend">${items.join('')}</ul>`;
}

function frontPart(sweep: SweepDocument): string {
  const { figures, front, points } = sweep;
  const [a, b] = front.map((place) => escapeHtml(figureLabel(figures[place].name)));
  const places = frontPoints(sweep);
  if (places.length === 0) return `<h2>The front</h2>\n<p>No point has both, ${a} and ${b}.</p>`;
  const rows = places
    .slice(0, MOST_ROWS)
    .map((place) => pointRow(sweep, points[place], { isRow: false }));
  const table =
    `<div class="scroll"><table>${tableHead(sweep, false)}<tbody>${rows.join('')}</tbody>` +
    '</table></div>';
  const all = `All ${formatCountOf(places.length, 'point')} of the front`;
  const folded =
    places.length > FOLDED_ROWS ? `<details><summary>${all}</summary>${table}</details>` : table;
  const load = shortPaths(loadParameters(sweep)).map(nameHtml);
  const note =
    load.length === 0
      ? ''
      : `<p class="note">Points that differ in ${load.join(' or ')} have other work to do: between
those, the front is no choice.</p>`;
  const where = points.some(({ report }) => report !== '') ? 'report, or else its ' : '';
  return `<h2>The front</h2>
<p>No other point is lower in both, ${a} and ${b}, than those in colour; all others are grey. Each
mark leads to its ${where}row below, where the command that repeats it stands.</p>${note}
<div class="front-chart">${frontChart(sweep)}</div>
${folded}`;
}

/** Parameters that take more than one value. */
function varied({ parameters }: SweepDocument): number[] {
  return parameters.flatMap(({ values }, i) => (values.length > 1 ? [i] : []));
}

function chartPart(sweep: SweepDocument): string {
  const places = varied(sweep);
  if (sweep.points.length > MOST_DRAWN) {
    return `<p class="note">More than ${formatCount(MOST_DRAWN)} points are drawn as a front alone;
points.csv has all of them.</p>`;
  }
  const charts = chartsOf(sweep, places);
  if (charts.length === 0) return '';
  const shown = charts.slice(0, MOST_CHARTS).map((draw) => draw());
  const left = charts.length - shown.length;
  const more = left > 0 ? `<p class="note">${formatCount(left)} more are in points.csv.</p>` : '';
  const isHeat = places.length === 2 && isGrid(sweep);
  const scale = isHeat
    ? '<p>The stronger its colour, the higher a figure is, by one scale for all policies.</p>'
    : legend(sweep);
  const size = isHeat ? '' : places.length === 1 && isGrid(sweep) ? ' wide' : ' small';
  return `<h2>Every figure by what was chosen</h2>
${scale}
<div class="charts${size}">${shown.join('')}</div>${more}`;
}

function isGrid({ parameters, points }: SweepDocument): boolean {
  const all = parameters.reduce((product, { values }) => product * values.length, 1);
  return new Set(points.map(({ choice }) => choice.join())).size === all;
}

/**
 * Lines over one parameter, heat maps over two, small multiples of lines for more: what draws each,
 * since most of many are not shown.
 */
function chartsOf(sweep: SweepDocument, places: readonly number[]): (() => string)[] {
  const points = sweep.points.filter(({ problem }) => problem === '');
  const byFigure = (make: (figure: number) => (() => string)[]): (() => string)[] =>
    sweep.front.flatMap(make);
  const box = (title: string, chart: string): string =>
    `<figure><figcaption>${title}</figcaption>${chart}</figure>`;
  const nameOf = (figure: number): string => escapeHtml(figureLabel(sweep.figures[figure].name));
  if (places.length === 0) return [];
  if (!isGrid(sweep)) {
    return byFigure((figure) =>
      places.map(
        (parameter) => () =>
          box(nameOf(figure), scatterChart(sweep, { figure, parameter, points, size: 'small' })),
      ),
    );
  }
  const [longest, second] = [...places].sort((a, b) => sizeOf(sweep, b) - sizeOf(sweep, a));
  if (places.length === 1) {
    return byFigure((figure) => [
      () =>
        box(nameOf(figure), lineChart(sweep, { figure, parameter: longest, points, size: 'wide' })),
    ]);
  }
  if (places.length === 2) {
    return byFigure((figure) =>
      sweep.policies.map((policy) => () => {
        const own = points.filter((point) => point.policy === policy);
        const name = `<span class="${colour(sweep, policy)}">${nameHtml(policy)}</span>`;
        const title = `${nameOf(figure)}, ${name} <small>${rangeOf(own, sweep, figure)}</small>`;
        return box(title, heatMap(sweep, { figure, points: own }, [longest, second]));
      }),
    );
  }
  const others = places.filter((place) => place !== longest);
  return byFigure((figure) =>
    groups(points, others).map((own) => () => {
      const chosen = others.map((place) => {
        const { path, values } = sweep.parameters[place];
        return `${shortOf(sweep, path)}\u00a0=\u00a0${values[own[0].choice[place]]}`;
      });
      const title = `${nameOf(figure)}, ${nameHtml(chosen.join(', '))}`;
      return box(
        title,
        lineChart(sweep, { figure, parameter: longest, points: own, size: 'small' }),
      );
    }),
  );
}

/** From the least to the most of one heat map; the shade is by all of them. */
function rangeOf(points: readonly SweepPoint[], sweep: SweepDocument, figure: number): string {
  const values = points.flatMap(({ figures }) => figures[figure]?.value ?? []);
  if (values.length === 0) return '';
  const { unit } = sweep.figures[figure];
  return escapeHtml(
    endsOf(values)
      .map((value) => valueText(value, unit))
      .join(' to '),
  );
}

function sizeOf({ parameters }: SweepDocument, place: number): number {
  return parameters[place].values.length;
}

function groups(points: readonly SweepPoint[], places: readonly number[]): SweepPoint[][] {
  const found = new Map<string, SweepPoint[]>();
  for (const point of points) {
    const key = places.map((place) => point.choice[place]).join();
    found.set(key, [...(found.get(key) ?? []), point]);
  }
  return [...found.values()];
}

function pointTable(sweep: SweepDocument): string {
  const { points } = sweep;
  const rows = points.slice(0, MOST_ROWS).map((point) => pointRow(sweep, point, { isRow: true }));
  const left = points.length - rows.length;
  const more = left > 0 ? ` The other ${formatCount(left)} are in points.csv.` : '';
  return `<h2>Every point</h2>
<p>With the command that repeats it: a click selects it whole; <code>--report FILE --open</code>
behind it shows the report of the point.${more}</p>
<div class="scroll"><table>${tableHead(sweep, true)}<tbody>${rows.join('')}</tbody></table></div>`;
}

function tableHead({ figures, front, parameters }: SweepDocument, isRow: boolean): string {
  const names = [
    '#',
    'policy',
    ...front.map((place) => figureLabel(figures[place].name)),
    ...shortPaths(parameters.map(({ path }) => path)),
    ...(isRow ? ['command'] : []),
  ];
  const heads = names.map((name) => `<th scope="col">${escapeHtml(name)}</th>`);
  return `<thead><tr>${heads.join('')}</tr></thead>`;
}

/** `isRow`: that to which everything else leads. */
function pointRow(sweep: SweepDocument, point: SweepPoint, { isRow }: { isRow: boolean }): string {
  const { figures, front, parameters } = sweep;
  const chosen = parameters.map(({ values }, i) => nameHtml(values[point.choice[i]]));
  const isRun = point.problem === '';
  const id = rowOf(point);
  const number = String(point.number);
  const report = point.report === '' ? '' : escapeHtml(encodeURI(point.report));
  const command = isRun
    ? `<code>${escapeHtml(point.command)}</code>`
    : `<span class="problem">${escapeHtml(point.problem)}</span>`;
  const cells = [
    (isRow || id === null ? number : `<a href="#${id}">${number}</a>`) +
      (report === '' ? '' : ` <a href="${report}">report</a>`),
    isRun ? `<span class="${colour(sweep, point.policy)}">${nameHtml(point.policy)}</span>` : '',
    ...front.map((place) => (isRun ? figureCell(point, place, figures[place].unit) : '–')),
    ...chosen,
    ...(isRow ? [command] : []),
  ];
  const attribute = isRow && id !== null ? ` id="${id}"` : '';
  return `<tr${attribute}>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
}

function figureCell(point: SweepPoint, place: number, unit: 'ns' | 'count'): string {
  const { value, low, high } = point.figures[place];
  const text = escapeHtml(valueText(value, unit));
  if (value === null || low === null || high === null || value === 0) return text;
  const half = ((high - low) / 2 / value) * 100;
  return `${text} <small>±${Number(half.toPrecision(2))} %</small>`;
}
