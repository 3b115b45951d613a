/**
 * The earliest of a fixed set of instants; among equal ones the lowest index (a tournament tree).
 *
 * Reading the winner costs nothing, moving one instant costs the height of the tree.
 */
export class Tournament {
  private readonly leaves: number;
  private readonly atNs: Float64Array;
  /** Node n has the children 2n and 2n + 1; each holds the index of the winner below it. */
  private readonly winners: Int32Array;

  constructor(size: number) {
    let leaves = 2;
    while (leaves < size) leaves *= 2;
    this.leaves = leaves;
    this.atNs = new Float64Array(leaves).fill(Infinity);
    this.winners = new Int32Array(2 * leaves);
    for (let i = 0; i < leaves; i++) this.winners[leaves + i] = i;
    for (let n = leaves - 1; n > 0; n--) this.winners[n] = this.winners[2 * n];
  }

  /** Index of the earliest instant. */
  first(): number {
    return this.winners[1];
  }

  at(index: number): number {
    return this.atNs[index];
  }

  set(index: number, atNs: number): void {
    const { atNs: instants, winners } = this;
    if (instants[index] === atNs) return;
    instants[index] = atNs;
    for (let n = (this.leaves + index) >> 1; n > 0; n >>= 1) {
      const left = winners[2 * n];
      const right = winners[2 * n + 1];
      const winner = instants[left] <= instants[right] ? left : right;
      // Above a node that another index has won before and wins again nothing can change.
      if (winner === winners[n] && winner !== index) return;
      winners[n] = winner;
    }
  }
}
