import { escapeHtml } from './html.js';

/** A span of a lane, `from` and `to` as shares of the width; the rest in pixels. */
export interface Mark {
  from: number;
  to: number;
  y: number;
  height: number;
  /** What is higher up is drawn later, over what it interrupts. */
  level: number;
  className: string;
  title: string;
}

/** So many units across. */
const UNITS = 1000;
/** What is narrower is seen no more, in units. */
const LEAST = 1;
/** Marks as narrow as this have no title: nobody can point at them. */
const POINTED = 3;

interface Strip {
  x: number;
  /** Without the gaps between what is drawn as one. */
  width: number;
  end: number;
  y: number;
  height: number;
}

/** The marks of some lanes, drawn in a bounded number of pieces. */
export class Marks {
  private readonly marks: Mark[] = [];

  add(mark: Mark): void {
    this.marks.push(mark);
  }

  /**
   * A field of the lanes' height, as wide as what it stands in. The `titled` widest say what they
   * are; all others, `plain` at most, are parts of a path, those that lie close together as
   * one.
   */
  draw(height: number, { titled, plain }: { titled: number; plain: number }): string {
    const widths = this.marks.map(({ from, to }) => (to - from) * UNITS).sort((a, b) => b - a);
    const least = Math.max(POINTED, widths[titled] ?? 0);
    const isTitled = ({ from, to }: Mark): boolean => (to - from) * UNITS > least;
    const strips = this.stripsOf(this.marks.filter((mark) => !isTitled(mark)));
    let count = Infinity;
    let few = strips;
    for (let grain = 0.5; count > plain && grain < UNITS; grain *= 2) {
      few = new Map([...strips].map(([key, each]) => [key, joined(each, grain)]));
      count = [...few.values()].reduce((sum, { length }) => sum + length, 0);
    }
    const levels = [...new Set(this.marks.map(({ level }) => level))].sort((a, b) => a - b);
    const pieces = levels.flatMap((level) => [
      ...this.marks.filter((mark) => mark.level === level && isTitled(mark)).map(titledRect),
      ...[...few].filter(([key]) => key.startsWith(`${level} `)).map(pathOf),
    ]);
    return (
      `<svg class="field" width="100%" height="${height}" viewBox="0 0 ${UNITS} ${height}" ` +
      `preserveAspectRatio="none">${pieces.join('')}</svg>`
    );
  }

  /** By level and class. */
  private stripsOf(marks: readonly Mark[]): Map<string, Strip[]> {
    const strips = new Map<string, Strip[]>();
    for (const { className, from, height, level, to, y } of marks) {
      const key = `${level} ${className}`;
      const [x, end] = [from * UNITS, to * UNITS];
      const strip = { x, width: end - x, end, y, height };
      const known = strips.get(key);
      if (known === undefined) strips.set(key, [strip]);
      else known.push(strip);
    }
    return strips;
  }
}

/**
 * What begins in one cell of a row, a grain wide, becomes one, as wide as its parts together: what
 * is short and frequent covers as much of a lane as it takes of the time, not the gaps between.
 */
function joined(strips: readonly Strip[], grain: number): Strip[] {
  const sorted = [...strips].sort((a, b) => a.y - b.y || a.height - b.height || a.x - b.x);
  const kept: Strip[] = [];
  const cellOf = ({ x }: Strip): number => Math.floor(x / grain);
  for (const strip of sorted) {
    const last = kept.at(-1);
    const isOne =
      last?.y === strip.y && last.height === strip.height && cellOf(last) === cellOf(strip);
    if (isOne) {
      last.end = Math.max(last.end, strip.end);
      last.width = Math.min(last.width + strip.width, last.end - last.x);
    } else kept.push({ ...strip });
  }
  return kept;
}

function titledRect({ className, from, height, title, to, y }: Mark): string {
  return (
    `<rect class="${className}" x="${round(from * UNITS)}" y="${y}" ` +
    `width="${round((to - from) * UNITS)}" height="${height}">` +
    `<title>${escapeHtml(title)}</title></rect>`
  );
}

function pathOf([key, strips]: [string, Strip[]]): string {
  const path = strips.map((strip) => {
    const { end, height, y } = strip;
    const width = round(Math.max(LEAST, strip.width));
    // What is long lies at the end of its cell: those that come after it have cells of their own.
    const x = strip.width < LEAST ? strip.x : end - strip.width;
    return `M${round(x)} ${y}h${width}v${height}h-${width}z`;
  });
  return `<path class="${key.split(' ')[1]}" d="${path.join('')}"/>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
