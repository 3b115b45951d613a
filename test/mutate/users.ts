import { readFileSync } from 'node:fs';
import ts from 'typescript-api';
import { declaredAround, functionAround, type Mutant } from './mutants.js';
import { importersOf, type SourceFunction } from './nearest-tests.js';

/**
 * Who may do something else by a mutant: the function that it is in, or those that use what it is
 * in, a constant of the file for instance, also through other constants and in other files.
 */
export function usersOf(file: string, { declared, within }: Mutant): SourceFunction[] {
  if (within !== '') return [{ source: file, name: within }];
  const users = declared === '' ? [] : usersOfVariable(file, declared, new Set());
  return users.length > 0 ? users : [{ source: file, name: '' }];
}

function usersOfVariable(file: string, variable: string, seen: Set<string>): SourceFunction[] {
  const key = `${file} ${variable}`;
  if (seen.has(key)) return [];
  seen.add(key);
  const users: SourceFunction[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node) || ts.isImportDeclaration(node)) return;
    if (ts.isIdentifier(node) && node.text === variable && !isName(node)) {
      const [name, declared] = [functionAround(node), declaredAround(node)];
      if (name === '' && declared !== '') users.push(...usersOfVariable(file, declared, seen));
      else users.push({ source: file, name });
    }
    ts.forEachChild(node, visit);
  };
  const text = readFileSync(file, 'utf8');
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true));
  for (const importer of importersOf().of.get(file) ?? []) {
    if (!importer.startsWith('src/')) continue;
    const imports = new RegExp(`import [^;]*\\b${variable}\\b[^;]* from`).test(
      readFileSync(importer, 'utf8'),
    );
    if (imports) users.push(...usersOfVariable(importer, variable, seen));
  }
  return users;
}

/** The name of a declaration or of a property is no use of a variable. */
function isName(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node;
  const isNamed = ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent);
  return isNamed && parent.name === node;
}
