import type { PackedSources, SourcesModel } from './model.js';
import {
  areMarkersPacked,
  figureText,
  longestOf,
  MOST_LINES,
  scaleOfRows,
  tailOf,
} from './source-list.js';

/**
 * What the rows of a list of sources show of policies beyond the second, and what they are ordered
 * by. As columns with each text once: a thousand sources under eight policies are thousands of
 * cells of which one policy's are seen at a time.
 */
export function packSources({ rows }: SourcesModel, policies: number): PackedSources {
  const scale = scaleOfRows(rows);
  const placeOf = (tailNs: number | null): number =>
    tailNs === null || scale === null ? -1 : Math.round(scale.at(tailNs) * 1_000);
  const places = new Map<string, number>();
  const place = (text: string): number => {
    if (!places.has(text)) places.set(text, places.size);
    return places.get(text)!;
  };
  const isPacked = areMarkersPacked(rows);
  const policyIndexes = Array.from({ length: policies }, (_, i) => i);
  const others = Array.from({ length: Math.max(0, policies - 1) }, (_, i) => i);
  const figures = others.map((i) => rows.map((row) => place(figureText(row.figures[i + 1]))));
  const changes = others.map((i) => rows.map((row) => place(row.changes[i].text)));
  return {
    texts: [...places.keys()],
    figures,
    changes,
    sizes: others.map((i) => rows.map(({ changes }) => Math.ceil(changes[i].size * 100))),
    places: isPacked
      ? policyIndexes.map((i) => rows.map(({ figures }) => placeOf(figures[i].tailNs)))
      : null,
    medians:
      isPacked && policies <= MOST_LINES
        ? policyIndexes.map((i) => rows.map(({ figures }) => placeOf(figures[i].medianNs)))
        : null,
    tailNs: rows.map(tailOf),
    longestNs: rows.map(longestOf),
  };
}
