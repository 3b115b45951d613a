/**
 * Paths of a scenario for where there is little room: the last two steps, one of the machine itself
 * and of its tunables, and more where they would be the same.
 */
export function shortPaths(paths: readonly string[]): string[] {
  const steps = paths.map((path) => path.split('.'));
  const lengths = steps.map((own) => (own.length < 3 || own[1] === 'tunables' ? 1 : 2));
  const shorten = (): string[] => steps.map((own, i) => own.slice(-lengths[i]).join('.'));
  for (;;) {
    const short = shorten();
    const isTwice = (text: string): boolean => short.indexOf(text) !== short.lastIndexOf(text);
    const more = short.flatMap((text, i) =>
      isTwice(text) && lengths[i] < steps[i].length ? [i] : [],
    );
    if (more.length === 0) return short;
    for (const i of more) lengths[i] += 1;
  }
}
