/** In the order of presentation. NT's numbers are Low 0, Medium 1, High 2, MediumHigh 3. */
export const IMPORTANCES = ['low', 'medium', 'mediumHigh', 'high'] as const;
export type Importance = (typeof IMPORTANCES)[number];

/** A policy as data (section 8 of docs/semantics.md). */
export interface Policy {
  name: string;
  /** The rule in words and where it stands, for reports; "" for a user's own. */
  sentence: string;
  source: string;
  current: Record<Importance, Condition>;
  other: Record<Importance, Condition>;
  insert: Record<Importance, 'head' | 'tail'>;
  depth: 'reaches' | 'exceeds';
  suppress: boolean;
  tickRescue: boolean;
  adaptive: boolean;
  drainLimit: number;
  /** R13; left out for none. */
  drainTimeNs?: number;
}

/**
 * A request condition (R10): what was written, and its truth table over the 64 sets of six facts.
 */
export interface Condition {
  text: string;
  /** Bit n is the answer when the facts are n: hexadecimal, 16 digits, so that it survives JSON. */
  table: string;
}
