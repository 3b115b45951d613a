import type { PackedSources, PageData } from '../src/report/model.js';

/** Rows that stand open before the reader asks for more. */
const OPEN_ROWS = 24;
/** Thousandths of a strip's width that the eye does not tell apart. */
const SAME_PLACE = 10;

/**
 * Search and order of a section's sources. All rows stand in the page; those beyond the first are
 * hidden until they are searched for or asked for.
 */
export function setUpSources(
  section: PageData['sections'][number],
  chosen: () => number,
): { reorder: () => void } {
  const root = document.getElementById(section.id)!;
  const body = root.querySelector('.sources tbody');
  const packed = section.sources;
  if (body === null || packed === null) return { reorder: () => {} };
  const rows = [...body.querySelectorAll('tr')].map((row, i) => ({
    row,
    name: row.querySelector('th bdi')!.textContent!,
    sizes: packed.sizes.map((sizes) => sizes[i]),
    tailNs: packed.tailNs[i],
    longestNs: packed.longestNs[i],
    i,
  }));
  const controls = root.querySelector<HTMLElement>('.source-controls');
  const search = controls?.querySelector('input');
  const order = controls?.querySelector('select');
  const found = controls?.querySelector('output');
  const more = root.querySelector<HTMLButtonElement>('.show-all');
  let isOpen = false;
  const update = (): void => {
    const wanted = (search?.value ?? '').trim().toLowerCase();
    const kept = rows.filter(({ name }) => name.toLowerCase().includes(wanted));
    const isNarrowed = wanted !== '';
    for (const { row } of rows) row.hidden = true;
    kept.sort(orderBy(order?.value ?? 'change', chosen()));
    kept.forEach(({ row }, place) => {
      row.hidden = !isOpen && !isNarrowed && place >= OPEN_ROWS;
      row.classList.toggle('more', row.hidden);
    });
    if (packed.places !== null) drawMarkers(section.id, kept, packed.places, packed.medians);
    body.append(...kept.map(({ row }) => row));
    if (found) found.textContent = isNarrowed ? `${kept.length} of ${rows.length}` : '';
    if (more) more.hidden = isOpen || isNarrowed;
  };
  search?.addEventListener('input', update);
  order?.addEventListener('change', update);
  more?.addEventListener('click', () => {
    isOpen = true;
    update();
  });
  if (controls) controls.hidden = false;
  if (more) more.hidden = false;
  let shown = 1;
  const reorder = (): void => {
    if (chosen() !== shown) showPolicy(rows, packed, (shown = chosen()));
    update();
  };
  return { reorder };
}

interface Row {
  row: HTMLTableRowElement;
  name: string;
  sizes: number[];
  tailNs: number;
  longestNs: number;
  i: number;
}

/** In rows that are shown and have none yet; policies at one place share the first one's marker. */
function drawMarkers(
  id: string,
  rows: readonly Row[],
  places: readonly number[][],
  medians: readonly number[][] | null,
): void {
  for (const { row, i } of rows) {
    const strip = row.querySelector('.strip')!;
    if (row.hidden || strip.firstChild !== null) continue;
    const svg = drawn('svg', { class: 'row', height: '26', 'aria-hidden': 'true' });
    svg.append(drawn('use', { href: `#${id}-grid` }));
    const markers = new Map<string, SVGElement>();
    places.forEach((column, policy) => {
      if (column[i] < 0) return;
      const from = medians?.[policy][i] ?? -1;
      if (from >= 0) svg.append(medianLine(policy, from, column[i], places.length));
      const y = laneOf(policy, places.length);
      const key = `${Math.round(column[i] / SAME_PLACE)} ${y}`;
      const other = markers.get(key);
      if (other !== undefined) return other.classList.add(`p${policy}`);
      const shape = policy % document.querySelectorAll('.unseen g[id^=m]').length;
      const at = { href: `#m${shape}`, class: `p p${policy}`, x: `${column[i] / 10}%`, y };
      markers.set(key, drawn('use', at));
    });
    svg.append(...[...markers.values()].reverse());
    strip.append(svg);
  }
}

function medianLine(policy: number, from: number, to: number, count: number): SVGElement {
  const y = laneOf(policy, count);
  const [x1, x2] = [`${from / 10}%`, `${to / 10}%`];
  return drawn('line', { class: `e p p${policy}`, x1, x2, y1: y, y2: y });
}

/** One policy has the middle, two stand above one another. */
function laneOf(policy: number, count: number): string {
  if (count === 1) return '13';
  return policy === 0 ? '9' : '17';
}

function drawn(name: 'svg' | 'use' | 'line', attributes: Record<string, string>): SVGElement {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

/** Puts the figures of a policy, and what they are against the first's, into the rows. */
function showPolicy(rows: readonly Row[], packed: PackedSources, policy: number): void {
  const [figures, changes] = [packed.figures[policy - 1], packed.changes[policy - 1]];
  for (const { row, sizes, i } of rows) {
    const figure = row.querySelector('.figure')!;
    figure.textContent = packed.texts[figures[i]];
    figure.className = `n p p${policy} figure`;
    const change = row.querySelector('.change')!;
    change.textContent = packed.texts[changes[i]];
    change.classList.toggle('news', sizes[policy - 1] > 0);
  }
}

function orderBy(order: string, chosen: number): (a: Row, b: Row) => number {
  switch (order) {
    case 'name':
      return (a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }) || a.i - b.i;
    case 'tail':
      return (a, b) => b.tailNs - a.tailNs || a.i - b.i;
    case 'longest':
      return (a, b) => b.longestNs - a.longestNs || a.i - b.i;
    default:
      return (a, b) => (b.sizes[chosen - 1] ?? 0) - (a.sizes[chosen - 1] ?? 0) || a.i - b.i;
  }
}
