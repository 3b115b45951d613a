import { describe } from 'vitest';
import { itPrintsAgain } from './transcript.js';

describe('a transcript of looks at the machine is printed again', () => {
  itPrintsAgain(['explain', 'catalogue', 'refusals', 'pictures', 'shells']);
});
