import { lineSample } from '../../reports/legend.js';

/** Names beside samples of their lines. */
export function lineKey(names: readonly string[]): HTMLElement {
  const list = document.createElement('ul');
  list.className = 'line-key';
  names.forEach((name, i) => {
    const item = document.createElement('li');
    const label = document.createElement('bdi');
    label.textContent = name;
    item.append(lineSample(i), label);
    list.append(item);
  });
  return list;
}
