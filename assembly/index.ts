export { ABI_VERSION, RULES_VERSION } from './shared/abi';
export { pack, packedAddress } from './pack';
export { logAddress, takeLog } from './event-log';
export {
  arrivals, collect, finish, forget, initialise, now, reserve, rest, run, wipe,
} from './simulation';
