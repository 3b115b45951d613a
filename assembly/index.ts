export { ABI_VERSION, RULES_VERSION } from './shared/abi';
export { pack, packedAddress } from './results/pack';
export { logAddress, takeLog } from './results/event-log';
export {
  arrivals, collect, finish, forget, initialise, isInStep, now, observe, reserve, rest, run, wipe,
} from './simulation';
