export { ABI_VERSION, RULES_VERSION } from './shared/abi';
export { logAddress, takeLog } from './event-log';
export { arrivals, finish, forget, initialise, now, reserve, run, wipe } from './simulation';
