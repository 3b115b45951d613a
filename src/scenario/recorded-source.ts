/** A source, as far as is asked here: of a resolved scenario, or as a result has it. */
type NamedSource =
  { kind: 'timer'; name: string } | { kind: 'device'; name: string; arrivals: { kind: string } };

/** The first source that replays a recording, which no text of a scenario holds. */
export function recordedSource({
  sources,
}: {
  sources: readonly NamedSource[];
}): NamedSource | undefined {
  return sources.find((source) => source.kind === 'device' && source.arrivals.kind === 'recording');
}
