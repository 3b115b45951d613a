import { loadOf } from '../recording/dpcisr-load.js';
import type { DpcIsrReport, ModuleTimes } from '../recording/dpcisr-report.js';
import { chanceByProcessor } from '../recording/dpcisr-until.js';
import type { ResultDocument } from '../result/document.js';
import type { LoadCheck, TimePair } from '../stats/load-check.js';

/** Sets the times of a result's first policy beside those of the report, the file of that name. */
export function checkLoad(report: DpcIsrReport, file: string, document: ResultDocument): LoadCheck {
  const [result] = document.results;
  const spanNs = report.spanUs * 1000;
  const measured = result.processors.map(({ timeSplit }) =>
    Object.values(timeSplit).reduce((sum, ns) => sum + ns, 0),
  );
  const load = loadOf(report, file);
  const [dpcChance, isrChance] = (['dpc', 'isr'] as const).map((kind) =>
    chanceByProcessor(load, report.processors, kind, measured[0] / 1e9),
  );
  return {
    policy: result.policy,
    seed: document.meta.seed,
    spanNs,
    measuredNs: measured[0],
    processors: result.processors.map(({ timeSplit }, i) => {
      const pair = (
        modules: readonly ModuleTimes[],
        ns: number,
        chance: readonly number[],
      ): TimePair => ({
        reportedNs: 1000 * modules.reduce((sum, { usec }) => sum + usec[i], 0),
        simulatedNs: measured[i] === 0 ? 0 : (ns * spanNs) / measured[i],
        chance: chance[i],
      });
      return {
        dpc: pair(report.dpc, timeSplit.dispatchDrainNs + timeSplit.idleDrainNs, dpcChance),
        isr: pair(report.isr, timeSplit.isrNs, isrChance),
      };
    }),
  };
}
