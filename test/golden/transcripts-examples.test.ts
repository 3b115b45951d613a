import { describe } from 'vitest';
import { itPrintsAgain } from './transcript.js';

describe('a transcript of examples is printed again', () => {
  itPrintsAgain(['examples']);
});
