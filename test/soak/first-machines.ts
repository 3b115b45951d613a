/** The random machines of every `npm test`. */
export const FIRST_MACHINES = { count: 60, seed: 20_261_121 } as const;
