import { describe } from 'vitest';
import { itPrintsAgain } from './transcript.js';

describe('a transcript of files is printed again', () => {
  itPrintsAgain(['recordings', 'windows', 'sweep']);
});
