import { describe } from 'vitest';
import { itPrintsAgain } from './transcript.js';

describe('a transcript of answers is printed again', () => {
  itPrintsAgain(['run', 'compare', 'exports', 'reports', 'parts', 'journals', 'overwritten']);
});
