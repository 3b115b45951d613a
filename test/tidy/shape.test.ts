import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { codeFiles, CODE_FOLDERS, filesUnder, functionsOf } from './source-files.js';

const MOST_LINES = 400;
const MOST_COLUMNS = 100;
/** By top folder; a `describe` of the tests is a list of scenarios, as long as it needs to be. */
const MOST_FUNCTION_LINES: Record<string, number> = {
  src: 70,
  assembly: 40,
  reports: 70,
  bench: 70,
};
/** Folders under a top folder. */
const MOST_LEVELS = 2;

const topOf = (path: string): string => path.split('/')[0];

describe('the shape of files', () => {
  it('finds files to look at', () => {
    for (const folder of CODE_FOLDERS) {
      expect(codeFiles.filter(({ path }) => topOf(path) === folder).length, folder).toBeGreaterThan(
        4,
      );
    }
  });

  it(`is at most ${MOST_LINES} lines`, () => {
    const long = codeFiles.flatMap(({ path, text }) => {
      const lines = text.split('\n').length - 1;
      return lines > MOST_LINES ? [`${path}: ${lines}`] : [];
    });
    expect(long).toEqual([]);
  });

  it(`is at most ${MOST_COLUMNS} columns`, () => {
    const wide = codeFiles.flatMap(({ path, text }) =>
      text
        .split('\n')
        .flatMap((line, i) =>
          [...line].length > MOST_COLUMNS ? [`${path}:${i + 1}: ${[...line].length}`] : [],
        ),
    );
    expect(wide).toEqual([]);
  });

  it('ends lines cleanly: no tab, no space at the end, one newline at the end of the file', () => {
    const untidy = codeFiles.flatMap(({ path, text }) => {
      const lines = text.split('\n');
      const problems = lines.flatMap((line, i) =>
        /\t|\s$/.test(line) ? [`${path}:${i + 1}`] : [],
      );
      const endsWell = lines.at(-1) === '' && lines.at(-2) !== '';
      return endsWell ? problems : [...problems, `${path}: its end`];
    });
    expect(untidy).toEqual([]);
  });

  it('keeps functions short', () => {
    const long = codeFiles.flatMap((file) => {
      const limit = MOST_FUNCTION_LINES[topOf(file.path)];
      if (limit === undefined || !/\.m?tsx?$/.test(file.path)) return [];
      return functionsOf(file)
        .filter(({ lines }) => lines > limit)
        .map(({ name, lines }) => `${file.path}: ${name}: ${lines}`);
    });
    expect(long).toEqual([]);
  });
});

describe('tests', () => {
  it('leave none out', () => {
    const files = codeFiles.filter(({ path }) => path.startsWith('test/'));
    const marks = /\b(describe|it|test)\.(skip|skipIf|runIf|only|todo)\b/;
    expect(files.filter((file) => marks.test(file.text)).map(({ path }) => path)).toEqual([]);
  });
});

describe('the names of files', () => {
  const written = [...CODE_FOLDERS, 'docs', 'examples'].flatMap((folder) =>
    filesUnder(folder, /./),
  );

  it('are in kebab-case', () => {
    const odd = written.filter(
      ({ path }) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9-]+)+$/.test(basename(path)),
    );
    expect(odd.map(({ path }) => path)).toEqual([]);
  });

  it('say what is inside', () => {
    const vague = /^(utils?|helpers?|types?|common|misc|shared|stuff|lib|tools?)\./;
    const found = codeFiles.filter(({ path }) => vague.test(basename(path)));
    expect(found.map(({ path }) => path)).toEqual([]);
  });

  it('lie at most two folders deep', () => {
    const deep = written.filter(({ path }) => path.split('/').length > MOST_LEVELS + 2);
    expect(deep.map(({ path }) => path)).toEqual([]);
  });

  it('have one barrel: src/index.ts', () => {
    const barrels = codeFiles.filter(({ path }) => /\/index\.m?ts$/.test(path));
    // The kernel's entry is its export list.
    expect(barrels.map(({ path }) => path).filter((path) => path !== 'assembly/index.ts')).toEqual([
      'src/index.ts',
    ]);
  });
});

describe('comments', () => {
  it('stand alone: none leans on the one above it', () => {
    const leaning = /^\s*(\/\*\*|\/\/) (The same|Same|Of|Likewise|Ditto|As (above|before|for))\b/;
    const found = codeFiles.flatMap(({ path, text }) =>
      text
        .split('\n')
        .flatMap((line, i) => (leaning.test(line) ? [`${path}:${i + 1}: ${line.trim()}`] : [])),
    );
    expect(found).toEqual([]);
  });
});

describe('exports', () => {
  it('are used somewhere: none is dead', () => {
    const entries = /^(assembly|src)\/index\.ts$/;
    const counts = new Map<string, number>();
    for (const { text } of codeFiles) {
      for (const [word] of text.matchAll(/[A-Za-z_$][\w$]*/g)) {
        counts.set(word, (counts.get(word) ?? 0) + 1);
      }
    }
    const exported =
      /^export (?:abstract |async )?(?:const|let|function|class|interface|type|enum) (\w+)/gm;
    const dead = codeFiles
      .filter(({ path }) => !entries.test(path))
      .flatMap(({ path, text }) =>
        [...text.matchAll(exported)]
          .filter(([, name]) => counts.get(name) === 1)
          .map(([, name]) => `${path}: ${name}`),
      );
    expect(dead).toEqual([]);
  });
});
