import { describe, expect, it } from 'vitest';
import { codeFiles, codeOnly, importsOf } from './source-files.js';
import type { Import, SourceFile } from './source-files.js';

/** What stands behind the command line and the library. */
const PROGRAM = [
  'scenario',
  'policy',
  'recording',
  'run',
  'study',
  'sweep',
  'tune',
  'disk',
  'result',
  'stats',
  'export',
  'report',
  'timeline',
  'kernel',
];
/**
 * Who may import whom under src/: docs/architecture.md draws it. `types:` marks an arrow that
 * carries types alone and so leaves nothing behind at run time.
 */
const ARROWS: Record<string, string[]> = {
  index: ['library', 'library-experiments', ...PROGRAM],
  'library-experiments': ['option-kinds', 'scenario', 'policy', 'run', 'result', 'sweep', 'tune'],
  library: ['option-kinds', 'scenario', 'run', 'study', 'result', 'stats', 'export'],
  cli: ['queue', ...PROGRAM, 'types:play'],
  tune: ['scenario', 'policy', 'run', 'disk', 'result', 'stats', 'export'],
  sweep: ['scenario', 'policy', 'run', 'disk', 'result', 'stats', 'kernel'],
  queue: ['scenario', 'run', 'disk', 'kernel', 'result'],
  study: ['scenario', 'policy', 'recording', 'run', 'disk', 'kernel', 'result', 'stats'],
  run: [
    'scenario',
    'policy',
    'recording',
    'disk',
    'kernel',
    'result',
    'stats',
    'export',
    'report',
    'timeline',
  ],
  disk: ['scenario', 'policy', 'recording', 'kernel', 'result', 'export', 'play', 'types:report'],
  recording: ['scenario', 'policy'],
  kernel: ['scenario', 'policy', 'result', 'assembly'],
  report: ['types:scenario', 'policy', 'result', 'stats', 'timeline'],
  play: ['kernel', 'scenario', 'policy', 'result', 'report', 'timeline'],
  timeline: ['types:scenario', 'policy'],
  export: ['types:kernel', 'policy', 'scenario', 'result', 'stats', 'timeline'],
  stats: ['result', 'scenario', 'policy'],
  result: ['scenario', 'policy', 'assembly'],
  scenario: ['policy', 'assembly'],
  policy: ['assembly'],
  errors: [],
  units: [],
  'visible-text': [],
  'nearest-word': [],
  'option-kinds': [],
};
/** What every room may use. */
const FOR_ALL = ['errors', 'units', 'nearest-word', 'visible-text'];
const PURE = [
  'scenario',
  'policy',
  'result',
  'stats',
  'export',
  'report',
  'timeline',
  'play',
  ...FOR_ALL,
];

const sources = codeFiles.filter(({ path }) => path.startsWith('src/'));

/** `src/run/pool.ts` is in `run`, `src/cli.ts` in `cli`, `assembly/shared/abi` in `assembly`. */
function roomOf(path: string): string {
  const [top, next] = path.split('/');
  return top === 'src' ? next.replace(/\.ts$/, '') : top;
}

function everyImport(files: readonly SourceFile[]): { path: string; imported: Import }[] {
  return files
    .filter(({ path }) => /\.m?[tj]sx?$/.test(path) && !path.endsWith('.d.ts'))
    .flatMap((file) => importsOf(file).map((imported) => ({ path: file.path, imported })));
}

describe('arrows in src', () => {
  it('knows every room', () => {
    const rooms = [...new Set(sources.map(({ path }) => roomOf(path)))];
    expect(rooms.filter((room) => !(room in ARROWS))).toEqual([]);
  });

  it('point from the command line down to the kernel', () => {
    const wrong = everyImport(sources).flatMap(({ path, imported }) => {
      if (imported.file === '') return [];
      const from = roomOf(path);
      const to = roomOf(imported.file);
      if (to === from || FOR_ALL.includes(to)) return [];
      const allowed = ARROWS[from] ?? [];
      if (allowed.includes(to) || (imported.typeOnly && allowed.includes(`types:${to}`))) return [];
      return [`${path} imports ${imported.file}`];
    });
    expect(wrong).toEqual([]);
  });

  it('reach of the assembly only what both compilers read', () => {
    const wrong = everyImport(codeFiles.filter(({ path }) => !path.startsWith('assembly/')))
      .filter(({ imported }) => imported.file.startsWith('assembly/'))
      .filter(({ imported }) => !imported.file.startsWith('assembly/shared/'));
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });

  it("never reach the browser's code, the benches or the tests", () => {
    const wrong = everyImport(sources).filter(({ imported }) =>
      /^(reports|bench|test)\//.test(imported.file),
    );
    expect(wrong.map(({ path, imported }) => `${path} imports ${imported.file}`)).toEqual([]);
  });
});

describe('arrows elsewhere', () => {
  it('keep the assembly to itself', () => {
    const files = codeFiles.filter(({ path }) => path.startsWith('assembly/'));
    const wrong = everyImport(files).filter(
      ({ imported }) => !imported.file.startsWith('assembly/'),
    );
    expect(wrong.map(({ path, imported }) => `${path} imports ${imported.from}`)).toEqual([]);
  });

  it('let the files that both compilers read import each other only', () => {
    const files = codeFiles.filter(({ path }) => path.startsWith('assembly/shared/'));
    const wrong = everyImport(files).filter(
      ({ imported }) => !imported.file.startsWith('assembly/shared/'),
    );
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });

  it("give the report's page nothing of src but types", () => {
    const files = codeFiles.filter(({ path }) => /^reports\/[^/]*\.ts$/.test(path));
    const wrong = everyImport(files).filter(
      ({ imported }) => imported.file.startsWith('src/') && !imported.typeOnly,
    );
    expect(wrong.map(({ path, imported }) => `${path} imports ${imported.file}`)).toEqual([]);
  });

  it('give the live page what is pure, the kernel and how a run is made', () => {
    const files = codeFiles.filter(({ path }) => /^reports\/play\/.*\.tsx?$/.test(path));
    const rooms = [...PURE, 'kernel', 'run'];
    const wrong = everyImport(files).filter(
      ({ imported: { file, typeOnly } }) =>
        file.startsWith('src/') && !typeOnly && !rooms.includes(roomOf(file)),
    );
    expect(files.length).toBeGreaterThan(10);
    expect(wrong.map(({ path, imported }) => `${path} imports ${imported.file}`)).toEqual([]);
  });

  it('let only tests import tests, only the bench their model, only both the bench', () => {
    const wrong = everyImport(codeFiles).filter(({ path, imported }) => {
      const top = path.split('/')[0];
      // The bench times the reference model by which tests judge, and finds browsers as they do.
      const isShared = /^test\/(model\/|browser\/find-browser)/.test(imported.file);
      const isAllowed = top === 'test' || (top === 'bench' && isShared);
      if (imported.file.startsWith('test/')) return !isAllowed;
      return imported.file.startsWith('bench/') && top !== 'bench' && top !== 'test';
    });
    expect(wrong.map(({ path, imported }) => `${path} imports ${imported.file}`)).toEqual([]);
  });
});

describe('circles', () => {
  it('of files that import each other, if only for types, do not exist', () => {
    const arrows = new Map<string, string[]>();
    for (const { path, imported } of everyImport(codeFiles)) {
      const from = path.replace(/\.m?[tj]sx?$/, '');
      if (imported.file === '') continue;
      arrows.set(from, [...(arrows.get(from) ?? []), imported.file]);
    }
    expect(firstCircle(arrows)).toEqual([]);
  });
});

/** The files of a circle in the order of their imports; none where there is no circle. */
function firstCircle(arrows: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>();
  const way: string[] = [];
  const visit = (file: string): string[] => {
    const seen = way.indexOf(file);
    if (seen >= 0) return [...way.slice(seen), file];
    if (done.has(file)) return [];
    way.push(file);
    for (const next of arrows.get(file) ?? []) {
      const circle = visit(next);
      if (circle.length > 0) return circle;
    }
    way.pop();
    done.add(file);
    return [];
  };
  for (const file of arrows.keys()) {
    const circle = visit(file);
    if (circle.length > 0) return circle;
  }
  return [];
}

describe('what only one place may do', () => {
  const importersOf = (wanted: string): string[] =>
    everyImport(sources)
      .filter(({ imported }) => imported.from === wanted && !imported.typeOnly)
      .map(({ path }) => path);
  const codeOf = new Map(sources.map((file) => [file.path, codeOnly(file)]));
  const mentioning = (pattern: RegExp): string[] =>
    [...codeOf].filter(([, code]) => pattern.test(code)).map(([path]) => path);

  it('only src/kernel knows WebAssembly', () => {
    const paths = mentioning(/\bWebAssembly\b/);
    expect(paths).not.toEqual([]);
    expect(paths.filter((path) => !path.startsWith('src/kernel/'))).toEqual([]);
  });

  it('only the pool knows piscina', () => {
    expect([...new Set(importersOf('piscina'))]).toEqual(['src/run/pool.ts']);
  });

  it('only the queue knows bullmq and ioredis', () => {
    const users = [...importersOf('bullmq'), ...importersOf('ioredis')];
    expect([...new Set(users)]).toEqual(['src/queue/redis-queue.ts']);
  });

  it('nothing else asks for a network, and what was read is never run', () => {
    const network = /^node:(net|tls|http|https|http2|dgram|dns|vm|inspector|child_process)/;
    const users = everyImport(sources).filter(({ imported }) => network.test(imported.from));
    // Which opens a page that was written, by the system's own command.
    expect(users.map(({ path }) => path)).toEqual(['src/cli/open-page.ts']);
    const words = /\b(fetch|XMLHttpRequest|WebSocket|EventSource|sendBeacon|eval|Function) \(/;
    expect(mentioning(words)).toEqual([]);
  });

  it('only the command line knows commander', () => {
    expect(importersOf('commander').filter((path) => roomOf(path) !== 'cli')).toEqual([]);
  });

  it('pure folders know no file, clock, chance or process', () => {
    const impure = new Set<string>();
    for (const { path, imported } of everyImport(sources)) {
      if (!PURE.includes(roomOf(path)) || imported.typeOnly) continue;
      if (imported.from.startsWith('node:')) impure.add(path);
    }
    const host = /\b(Date|performance|process|setTimeout|setInterval|fetch|random(Bytes|UUID)?)\b/;
    for (const path of mentioning(host)) if (PURE.includes(roomOf(path))) impure.add(path);
    expect([...impure].sort()).toEqual([]);
  });

  it('nothing in src rolls dice or reads the calendar', () => {
    expect(mentioning(/\bMath \. random\b|\bnew Date\b|\bDate \. now\b/)).toEqual([]);
  });

  it('the machine has no clock, no chance and no output', () => {
    const wrong = codeFiles
      .filter(({ path }) => path.startsWith('assembly/'))
      .filter((file) => /\b(Date|performance|console|process|trace|Math)\b/.test(codeOnly(file)));
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });
});
