import { join } from 'node:path';
import ts from 'typescript-api';
import { describe, expect, it } from 'vitest';
import { codeFiles, type SourceFile } from './source-files.js';

const ENTRY = 'src/index.ts';

/** What the library exports: the name in its file, and the file. */
function exportsOf({ path, text }: SourceFile): { name: string; file: SourceFile }[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  return source.statements.flatMap((statement) => {
    if (!ts.isExportDeclaration(statement) || statement.exportClause === undefined) return [];
    if (!ts.isNamedExports(statement.exportClause)) return [];
    const from = (statement.moduleSpecifier as ts.StringLiteral).text.replace(/\.js$/, '.ts');
    const file = codeFiles.find((one) => one.path === join('src', from))!;
    return statement.exportClause.elements.map(({ name, propertyName }) => ({
      name: (propertyName ?? name).text,
      file,
    }));
  });
}

/** The docstrings of the declarations of a name; an overload has one of its own. */
function docstringsOf(name: string, { path, text }: SourceFile): string[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const declares = (statement: ts.Statement): boolean =>
    ts.isVariableStatement(statement)
      ? statement.declarationList.declarations.some((one) => one.name.getText() === name)
      : (statement as ts.DeclarationStatement).name?.getText() === name;
  return source.statements.filter(declares).map((statement) =>
    ts
      .getJSDocCommentsAndTags(statement)
      .map((doc) => doc.getText())
      .join(''),
  );
}

describe('what the library exports', () => {
  const exported = exportsOf(codeFiles.find(({ path }) => path === ENTRY)!);

  it('says what it is, each thing of it', () => {
    expect(exported.length).toBeGreaterThan(50);
    const silent = exported.filter(
      ({ name, file }) => !docstringsOf(name, file).some((text) => text.length > 20),
    );
    expect(silent.map(({ name, file }) => `${file.path}: ${name}`)).toEqual([]);
  });

  it('says what it takes that is left out most often: each of its options', () => {
    const options = exported.filter(({ name }) => name.endsWith('Options'));
    expect(options.length).toBeGreaterThan(4);
    const silent = options.flatMap(({ name, file: { path, text } }) => {
      const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
      const found = source.statements.find(
        (one) => ts.isInterfaceDeclaration(one) && one.name.text === name,
      ) as ts.InterfaceDeclaration;
      return found.members
        .filter((member) => ts.getJSDocCommentsAndTags(member).length === 0)
        .map((member) => `${path}: ${name}.${member.name!.getText()}`);
    });
    expect(silent).toEqual([]);
  });
});
