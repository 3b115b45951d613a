/** A machine as it stands at an instant, and what its device sources counted since the warm-up. */
export interface Observation {
  nowNs: number;
  arrivals: number;
  ipis: number;
  dpcs: number;
  dpcWaitNs: number;
  interruptToDpcNs: number;
  /** Sums over processors of the state of R16: maximum depths, rates of both kinds, depths. */
  maximumDepths: number;
  rates: number;
  depths: number;
}

/** One shard where its measurement begins, half-way, and where it ends. */
export interface ShardHalves {
  shardIndex: number;
  begin: Observation;
  half: Observation;
  end: Observation;
}
