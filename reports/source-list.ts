import type { PageData } from '../src/report/model.js';

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
  if (body === null) return { reorder: () => {} };
  const rows = [...body.querySelectorAll('tr')].map((row, i) => ({
    row,
    name: row.querySelector('th bdi')!.textContent!,
    change: section.changes[i],
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
  return { reorder: update };
}

interface Row {
  row: HTMLTableRowElement;
  name: string;
  change: number[];
  i: number;
}

function orderBy(order: string, chosen: number): (a: Row, b: Row) => number {
  const digit = (row: Row, key: string): number => Number(row.row.dataset[key] ?? -1);
  switch (order) {
    case 'name':
      return (a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }) || a.i - b.i;
    case 'tail':
    case 'longest':
      return (a, b) => digit(b, order) - digit(a, order) || a.i - b.i;
    default:
      return (a, b) => (b.change[chosen - 1] ?? 0) - (a.change[chosen - 1] ?? 0) || a.i - b.i;
  }
}
