import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors.js';
import { SyntaxProblem } from '../../src/scenario/places.js';
import { applySetting, parseSetting } from '../../src/scenario/setting.js';
import { refuseHugeToml } from '../../src/scenario/toml-bounds.js';

/** What a written scenario becomes, or why it does not. */
function put(root: unknown, ...texts: string[]): unknown {
  try {
    for (const text of texts) applySetting(root, parseSetting(text));
    return root;
  } catch (error) {
    const [{ hint, message }] = (error as InputError).problems;
    return hint === '' ? message : `${message} (${hint})`;
  }
}

describe('a setting', () => {
  const items = (): object => ({ list: [{ name: 'a' }, { name: 'a.b' }, 5], empty: [], none: [5] });

  it('changes items of lists by index or name, the longest name that fits', () => {
    expect(put(items(), 'list[0].x=1', 'list.a.b.y=2', 'list.2=6')).toEqual({
      ...items(),
      list: [{ name: 'a', x: 1 }, { name: 'a.b', y: 2 }, 6],
    });
    expect(put(items(), 'list["a"].x=1', 'list.a["x y"]=2')).toMatchObject({
      list: [{ name: 'a', x: 1, 'x y': 2 }, { name: 'a.b' }, 5],
    });
    expect(put({ a: { b: 1 } }, 'a.c.d-e=[2]')).toEqual({ a: { b: 1, c: { 'd-e': [2] } } });
  });

  it('takes items and keys away where nothing stands behind it', () => {
    expect(put(items(), 'list[1]=')).toMatchObject({ list: [{ name: 'a' }, 5] });
    expect(put(items(), 'list.a=')).toMatchObject({ list: [{ name: 'a.b' }, 5] });
    expect(put(items(), 'list.a.name=')).toMatchObject({ list: [{}, { name: 'a.b' }, 5] });
    expect(put({ a: 1, b: 2 }, 'a=')).toEqual({ b: 2 });
  });

  it('can be changed by the next one, whatever its key', () => {
    const root = put({}, '__proto__=1', '__proto__=2', 'a=1', 'a=') as object;
    expect(Object.entries(root)).toEqual([['__proto__', 2]]);
    expect(Object.getPrototypeOf(root)).toBe(Object.prototype);
  });

  it.each([
    ['=5', '--set "=5": this sets nothing (write PATH=VALUE, such as sources.nic.dpc.budget=16)'],
    ['list[3]=1', '--set list[3]=1: list has the items [0] to [2], not [3]'],
    ['empty[0]=1', '--set empty[0]=1: empty is empty, not [0]'],
    ['list.b=1', '--set list.b=1: nothing in list is named "b" (did you mean a?)'],
    ['none.x=1', '--set none.x=1: none is a list (write none[0] for its first item)'],
    ['list[2].x=1', '--set list[2].x=1: list[2] is 5, with nothing inside (set list[2])'],
    [
      '!=1',
      '--set !=1: it goes on with "!", which is no key (write PATH=VALUE, such as ' +
        'sources.nic.dpc.budget=16)',
    ],
    [
      'a.b!=1',
      '--set a.b!=1: after "a.b" it goes on with "!", which is no key (write PATH=VALUE, such ' +
        'as sources.nic.dpc.budget=16)',
    ],
    [
      'a..............................=1',
      '--set a..............................=1: after "a" it goes on with ' +
        '"....................…", which is no key (write PATH=VALUE, such as ' +
        'sources.nic.dpc.budget=16)',
    ],
    ['a["\\q"]=1', '--set a["\\q"]=1: "\\"\\\\q\\"" is no text in quotes'],
  ])('%j is refused where it leads nowhere', (text, message) => {
    expect(put(items(), text)).toBe(message);
  });

  it('names a dozen of the items that are there', () => {
    const named = (count: number): object => ({
      list: Array.from({ length: count }, (_, i) => ({ name: `number-${i}` })),
    });
    const names = Array.from({ length: 12 }, (_, i) => `number-${i}`).join(', ');
    const refused = '--set list.zzzzzzzzzz=1: nothing in list is named "zzzzzzzzzz" (there are';
    expect(put(named(12), 'list.zzzzzzzzzz=1')).toBe(`${refused} ${names})`);
    expect(put(named(13), 'list.zzzzzzzzzz=1')).toBe(`${refused} ${names}, …)`);
  });

  it('tells a policy that ships from one that is written', () => {
    const root = { policies: ['vista', { name: 'own' }], others: ['vista'] };
    expect(put(root, 'policies.vista.depth=1')).toMatch(/"vista" is a policy that ships, and a/);
    expect(put(root, 'policies[0].other.high=1')).toMatch(/is a policy that ships/);
    expect(put(root, 'others.vista.depth=1')).toMatch(
      /others\[0\] is "vista", with nothing inside/,
    );
    expect(put(root, 'policies.own.name.x=1')).toMatch(/name is "own", with nothing inside/);
  });

  it('has at most 4,096 characters and 32 steps', () => {
    const text = `a=${'x'.repeat(4094)}`;
    expect(parseSetting(text).value).toHaveLength(4094);
    expect(() => parseSetting(`${text}x`)).toThrow('--set: longer than 4096 characters');
    const steps = (count: number): string => Array.from({ length: count }, () => 'a').join('.');
    expect(put({}, `${steps(32)}=1`)).toHaveProperty(steps(32), 1);
    expect(put({}, `${steps(33)}=1`)).toBe(`--set ${steps(33)}=1: it is too long`);
    expect(parseSetting('a=').value).toBeUndefined();
    expect(parseSetting(' a = b ', '--sweep')).toEqual({
      path: 'a',
      value: 'b',
      origin: '--sweep a= b ',
    });
  });
});

describe('TOML that its parser could not bear', () => {
  /** The offset and the words, or null where the parser may have it. */
  const refused = (text: string): [offset: number, message: string] | null => {
    try {
      refuseHugeToml(text);
      return null;
    } catch (error) {
      const { message, offset } = error as SyntaxProblem;
      return [offset, message];
    }
  };
  const brackets = '['.repeat(128);
  const deep: [number, string] = [128, 'lists and tables nest more than 64 deep'];

  it('nests too deep: brackets that are open, of any kind', () => {
    expect(refused(brackets)).toBeNull();
    expect(refused(`${brackets}[`)).toEqual(deep);
    expect(refused('{'.repeat(129))).toEqual(deep);
    expect(refused(`${']'.repeat(5)}${brackets}`)).toBeNull();
    expect(refused(`${'[]'.repeat(500)}${brackets}`)).toBeNull();
    expect(refused(`[[]${'['.repeat(127)}`)).toBeNull();
    expect(refused(`[[]${'['.repeat(128)}`)).toEqual([130, deep[1]]);
    expect(refused(`[[}${'['.repeat(128)}`)).toEqual([130, deep[1]]);
  });

  it('is not what stands in strings and comments', () => {
    const many = '['.repeat(300);
    for (const text of [
      `a = "${many}"`,
      `a = '${many}'`,
      `a = """\n${many}\n"" ${many}"""`,
      `a = '''${many}\n' ${many}'''`,
      `a = "\\"${many}"`,
      `a = """\\"""${many}"""`,
      `# ${many}`,
      `# ${many}\na = 1 # ${many}`,
      `a = "${many}`,
      `a = '''${many}`,
      `a = ""${brackets}`,
    ]) {
      expect(refused(text), text.slice(0, 20)).toBeNull();
    }
    const after: [text: string, offset: number][] = [
      [`"x"${brackets}[`, 3 + 128],
      [`'x\\'${brackets}[`, 4 + 128],
      [`''''''${brackets}[`, 6 + 128],
      [`"""x""" ${brackets}[`, 8 + 128],
      [`"not closed\n${brackets}[`, 12 + 128],
      [`# a comment\n${brackets}[`, 12 + 128],
      [`#\n${brackets}[`, 2 + 128],
      [`"\\\\"${brackets}[`, 4 + 128],
      [`""${brackets}[`, 2 + 128],
    ];
    for (const [text, offset] of after)
      expect(refused(text), text.slice(0, 12)).toEqual([offset, deep[1]]);
  });

  it('has strings of more than 65,536 characters, from their first quote on', () => {
    const said = 'a string of more than 65,536 characters';
    // The quote is one of them.
    expect(refused(`a = "${'x'.repeat(65_535)}"`)).toBeNull();
    expect(refused(`a = "${'x'.repeat(65_536)}"`)).toEqual([4, said]);
    expect(refused(`a = '''${'\n'.repeat(65_533)}'''`)).toBeNull();
    expect(refused(`a = '''${'\n'.repeat(65_534)}'''`)).toEqual([4, said]);
  });

  it('has more than 200,000 marks: commas, equal signs, dots and lines', () => {
    const said = 'the file has more than 200,000 values, keys and lines up to here';
    for (const mark of [',', '=', '.', '\n', ',=.\n', '#\n', '""\n']) {
      const count = mark === ',=.\n' ? 50_000 : 200_000;
      const text = mark.repeat(count);
      expect(refused(text), mark).toBeNull();
      expect(refused(`${text}=`), mark).toEqual([text.length, said]);
    }
    expect(refused('x[]'.repeat(200_001))).toBeNull();
  });
});
