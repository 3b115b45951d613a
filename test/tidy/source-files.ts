import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript-api';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** A file of the project; its path from the root, with `/`. */
export interface SourceFile {
  path: string;
  text: string;
}

/** Folders whose contents are data or come out of a build. */
const NOT_WRITTEN_HERE = /(^|\/)(node_modules|vectors|dist|build)(\/|$)/;
const CODE = /\.(tsx?|mts|mjs|css|c|h)$/;

/** All files under a folder of the project, with their texts. */
export function filesUnder(folder: string, matching: RegExp): SourceFile[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(ROOT.length + 1)
        .replaceAll('\\', '/'),
    )
    .filter((path) => matching.test(path) && !NOT_WRITTEN_HERE.test(path))
    .sort()
    .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));
}

export const CODE_FOLDERS = ['src', 'assembly', 'reports', 'bench', 'test'] as const;

/** Everything written by hand that a compiler or a browser reads. */
export const codeFiles: readonly SourceFile[] = CODE_FOLDERS.flatMap((folder) =>
  filesUnder(folder, CODE),
);

export interface Import {
  /** As written: a package, `node:…`, or a path. */
  from: string;
  /** The file that a relative path names, from the root, without its ending; else ''. */
  file: string;
  typeOnly: boolean;
}

/** Imports and re-exports of a TypeScript file, `import()` included. */
export const importsOf = once(({ path, text }: SourceFile): Import[] => {
  const found: Import[] = [];
  const add = (from: string, typeOnly: boolean): void => {
    const isRelative = from.startsWith('.');
    const file = isRelative ? join(dirname(path), from).replaceAll('\\', '/') : '';
    found.push({ from, file: file.replace(/\.(js|mjs|tsx?)$/, ''), typeOnly });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(textOf(node.moduleSpecifier), isTypeOnly(node));
    else if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined) {
      add(textOf(node.moduleSpecifier), node.isTypeOnly);
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      add(textOf(node.arguments[0]), false);
    }
    ts.forEachChild(node, visit);
  };
  visit(parse(path, text));
  return found;
});

function isTypeOnly({ importClause }: ts.ImportDeclaration): boolean {
  if (importClause === undefined) return false;
  if (importClause.isTypeOnly) return true;
  const { name, namedBindings } = importClause;
  return (
    name === undefined &&
    namedBindings !== undefined &&
    ts.isNamedImports(namedBindings) &&
    namedBindings.elements.every((element) => element.isTypeOnly)
  );
}

function textOf(node: ts.Expression): string {
  return ts.isStringLiteralLike(node) ? node.text : '';
}

/** Functions with a body: name, first line, lines. */
export function functionsOf({ path, text }: SourceFile): { name: string; lines: number }[] {
  const file = parse(path, text);
  const found: { name: string; lines: number }[] = [];
  const lineAt = (position: number): number => file.getLineAndCharacterOfPosition(position).line;
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body !== undefined) {
      const name = node.name?.getText(file) ?? 'a function';
      const first = lineAt(node.getStart(file));
      found.push({ name: `${name}, line ${first + 1}`, lines: lineAt(node.end) - first + 1 });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** Code without its comments and without the contents of its strings. */
export const codeOnly = once(({ path, text }: SourceFile): string => {
  const words: string[] = [];
  const file = parse(path, text);
  const visit = (node: ts.Node): void => {
    if (ts.isJSDoc(node)) return;
    const isText =
      ts.isStringLiteralLike(node) ||
      ts.isTemplateHead(node) ||
      ts.isTemplateMiddleOrTemplateTail(node) ||
      ts.isRegularExpressionLiteral(node);
    if (node.getChildCount(file) === 0 && !isText) words.push(node.getText(file));
    node.getChildren(file).forEach(visit);
  };
  visit(file);
  return words.join(' ');
});

function parse(path: string, text: string): ts.SourceFile {
  const kind = path.endsWith('.tsx') ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  return ts.createSourceFile(path, text, ts.ScriptTarget.Latest, false, kind);
}

/** Answers again what was asked of a file before. */
function once<Answer>(work: (file: SourceFile) => Answer): (file: SourceFile) => Answer {
  const known = new WeakMap<SourceFile, { answer: Answer }>();
  return (file) => {
    let found = known.get(file);
    if (found === undefined) known.set(file, (found = { answer: work(file) }));
    return found.answer;
  };
}
