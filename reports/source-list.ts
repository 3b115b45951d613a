import type { PackedSources, PageData } from '../src/report/model.js';

/** Rows that stand open before the reader asks for more. */
const OPEN_ROWS = 24;

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
