import { relative } from 'node:path';
import type { Reporter, TestCase, TestModule, TestSpecification, Vitest } from 'vitest/node';
import { BaseSequencer } from 'vitest/node';

/** A line of what the tests print as they go. */
export interface ToldTest {
  file: string;
  /** Null for the end of the file. */
  test: string | null;
  isPassed: boolean;
  /** What the whole file took, at its end. */
  ms: number;
}

/** Says every test at once, so that one that stands still is seen. */
export class ToldTests implements Reporter {
  onTestCaseResult(test: TestCase): void {
    tell(test.module, test.fullName, test.result().state !== 'failed', 0);
  }

  onTestModuleEnd(module: TestModule): void {
    const { collectDuration, duration, setupDuration } = module.diagnostic();
    const ms = Math.round(collectDuration + duration + setupDuration);
    tell(module, null, module.state() !== 'failed', ms);
  }
}

function tell(module: TestModule, test: string | null, isPassed: boolean, ms: number): void {
  const file = relative(process.cwd(), module.moduleId).replaceAll('\\', '/');
  const told: ToldTest = { file, test, isPassed, ms };
  process.stdout.write(`${JSON.stringify(told)}\n`);
}

/** The order in which the files were named. */
export class GivenOrder extends BaseSequencer {
  private readonly places: Map<string, number>;

  constructor(vitest: Vitest) {
    super(vitest);
    this.places = new Map(vitest.config.include.map((file, i) => [file, i]));
  }

  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number =>
      this.places.get(relative(process.cwd(), moduleId).replaceAll('\\', '/')) ?? 0;
    return [...files].sort((a, b) => place(a) - place(b));
  }
}
