export { ABI_VERSION, RULES_VERSION } from './shared/abi';
export { pack, packedAddress } from './results/pack';
export { logAddress, takeLog } from './results/event-log';
export {
  arrivals,
  clearShard,
  collectSeries,
  endShard,
  endWarmUp,
  isInStep,
  now,
  observe,
  reserveConfig,
  runShard,
  startShard,
  survey,
  tellSource,
  wipeMemory,
} from './simulation';
