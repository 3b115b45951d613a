import ts from 'typescript-api';

/** One small change to a text that a good test should notice. */
export interface Mutant {
  start: number;
  end: number;
  text: string;
  /** From 1. */
  line: number;
  column: number;
  /** `< instead of <=`. */
  what: string;
  /** The function it is in, as V8 calls it; `` outside of all that have a name. */
  within: string;
  /** What a file declares for all of it, where the mutant is in that; otherwise ``. */
  declared: string;
}

const SWAPS: Partial<Record<ts.SyntaxKind, string>> = {
  [ts.SyntaxKind.LessThanToken]: '<=',
  [ts.SyntaxKind.LessThanEqualsToken]: '<',
  [ts.SyntaxKind.GreaterThanToken]: '>=',
  [ts.SyntaxKind.GreaterThanEqualsToken]: '>',
  [ts.SyntaxKind.EqualsEqualsToken]: '!=',
  [ts.SyntaxKind.ExclamationEqualsToken]: '==',
  [ts.SyntaxKind.EqualsEqualsEqualsToken]: '!==',
  [ts.SyntaxKind.ExclamationEqualsEqualsToken]: '===',
  [ts.SyntaxKind.PlusToken]: '-',
  [ts.SyntaxKind.MinusToken]: '+',
  [ts.SyntaxKind.AsteriskToken]: '+',
  [ts.SyntaxKind.SlashToken]: '*',
  [ts.SyntaxKind.PercentToken]: '+',
  [ts.SyntaxKind.AmpersandToken]: '|',
  [ts.SyntaxKind.BarToken]: '&',
  [ts.SyntaxKind.LessThanLessThanToken]: '>>',
  [ts.SyntaxKind.GreaterThanGreaterThanToken]: '<<',
  [ts.SyntaxKind.AmpersandAmpersandToken]: '||',
  [ts.SyntaxKind.BarBarToken]: '&&',
  [ts.SyntaxKind.PlusEqualsToken]: '-=',
  [ts.SyntaxKind.MinusEqualsToken]: '+=',
};

/** Every mutant of a text, in its order. */
export function mutantsOf(text: string): Mutant[] {
  const file = ts.createSourceFile('file.ts', text, ts.ScriptTarget.ES2022, true);
  const found: Mutant[] = [];
  const add = (node: ts.Node, replacement: string, what: string): void => {
    const [start, end] = [node.getStart(file), node.getEnd()];
    const { character, line } = file.getLineAndCharacterOfPosition(start);
    const place = { line: line + 1, column: character + 1 };
    const around = { within: functionAround(node), declared: declaredAround(node) };
    found.push({ start, end, text: replacement, ...place, what, ...around });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node) || ts.isImportDeclaration(node) || isAssertion(node)) return;
    mutateNode(node, add);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found.sort((a, b) => a.start - b.start);
}

type Add = (node: ts.Node, replacement: string, what: string) => void;

function mutateNode(node: ts.Node, add: Add): void {
  if (ts.isBinaryExpression(node)) {
    const { left, operatorToken, right } = node;
    const other = SWAPS[operatorToken.kind];
    // Texts that are put together say something; how is no matter of this.
    const isText = [left, right].some((side) => ts.isStringLiteralLike(side));
    if (other !== undefined && !isText) {
      add(operatorToken, other, `${other} instead of ${operatorToken.getText()}`);
    }
  } else if (ts.isIfStatement(node) || ts.isWhileStatement(node)) {
    const condition = node.expression;
    add(condition, `!(${condition.getText()})`, 'the condition turned round');
  } else if (ts.isConditionalExpression(node)) {
    add(node.condition, `!(${node.condition.getText()})`, 'the condition turned round');
  } else if (ts.isPostfixUnaryExpression(node)) {
    const isUp = node.operator === ts.SyntaxKind.PlusPlusToken;
    const operand = node.operand.getText();
    add(node, `${operand}${isUp ? '--' : '++'}`, isUp ? '-- instead of ++' : '++ instead of --');
  } else if (ts.isNumericLiteral(node)) {
    const other = String(Number(node.text) + 1);
    add(node, other, `${other} instead of ${node.getText()}`);
  } else if (node.kind === ts.SyntaxKind.TrueKeyword) {
    add(node, 'false', 'false instead of true');
  } else if (node.kind === ts.SyntaxKind.FalseKeyword) {
    add(node, 'true', 'true instead of false');
  } else if (ts.isExpressionStatement(node)) {
    const [first] = node.getText().split('\n');
    add(node, ';', `without ${first.slice(0, 60)}`);
  }
}

export function functionAround(node: ts.Node): string {
  for (let at: ts.Node | undefined = node.parent; at !== undefined; at = at.parent) {
    const name = functionName(at);
    if (name !== '') return name;
  }
  return '';
}

/** The variable of a file, outside of its functions, that a node belongs to, or ``. */
export function declaredAround(node: ts.Node): string {
  for (let at = node; at.parent !== undefined; at = at.parent) {
    if (!ts.isVariableDeclaration(at) || !ts.isIdentifier(at.name)) continue;
    if (ts.isSourceFile(at.parent.parent.parent)) return at.name.text;
  }
  return '';
}

/** As V8 names it, or `` for what is no function or has no name. */
function functionName(node: ts.Node): string {
  if (ts.isConstructorDeclaration(node)) return node.parent.name?.text ?? '';
  if (ts.isPropertyDeclaration(node)) {
    const { initializer, modifiers } = node;
    if (initializer !== undefined && ts.isArrowFunction(initializer)) return '';
    const isStatic = modifiers?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword);
    return isStatic ? '<static_initializer>' : '<instance_members_initializer>';
  }
  if (!ts.isFunctionLike(node) || !('body' in node)) return '';
  const named = ts.isArrowFunction(node) || ts.isFunctionExpression(node) ? node.parent : node;
  const name = 'name' in named ? (named.name as ts.Node | undefined) : undefined;
  if (name === undefined || !(ts.isIdentifier(name) || ts.isPrivateIdentifier(name))) return '';
  const isGetter = ts.isGetAccessorDeclaration(node);
  return `${isGetter ? 'get ' : ts.isSetAccessorDeclaration(node) ? 'set ' : ''}${name.text}`;
}

/** Invariants that the release build has not: to break one changes nothing that is right. */
function isAssertion(node: ts.Node): boolean {
  if (!ts.isExpressionStatement(node) || !ts.isCallExpression(node.expression)) return false;
  return /^(assert|check[A-Z]\w*|ensure)/.test(node.expression.expression.getText());
}

export function applyMutant(text: string, { end, start, text: replacement }: Mutant): string {
  return text.slice(0, start) + replacement + text.slice(end);
}
