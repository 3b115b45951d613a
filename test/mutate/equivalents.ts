/** A mutant that no test can notice, by the line it changes: numbers of lines move. */
export interface Equivalent {
  file: string;
  /** The line without the space around it. */
  line: string;
  /** As it is printed. */
  what: string;
  why: string;
}

export const EQUIVALENTS: readonly Equivalent[] = [];
