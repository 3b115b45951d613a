/** A smaller range is searched without a look at a sample of it. */
const LEAST_SAMPLED = 600;

/**
 * The value that would stand at `index` if the values were sorted, in linear time: SELECT of R.
 * Floyd and R. Rivest (Algorithm 489, CACM 18, 1975), which for a rank far out looks at most values
 * once. Reorders them, so that none before `index` is larger and none after it smaller. They must
 * be numbers, not NaN.
 */
export function orderStatistic(values: Float64Array, index: number): number {
  select(values, 0, values.length - 1, index);
  return values[index];
}

function select(values: Float64Array, from: number, to: number, index: number): void {
  let first = from;
  let last = to;
  while (first < last) {
    if (last - first > LEAST_SAMPLED) selectInSample(values, first, last, index);
    const pivot = values[index];
    let i = first;
    let j = last;
    while (i <= j) {
      while (values[i] < pivot) i++;
      while (values[j] > pivot) j--;
      if (i > j) break;
      const value = values[i];
      values[i++] = values[j];
      values[j--] = value;
    }
    if (index <= j) last = j;
    else if (index >= i) first = i;
    else return;
  }
}

/** Leaves at `index` a value that is very likely close to the one wanted there. */
function selectInSample(values: Float64Array, first: number, last: number, index: number): void {
  const count = last - first + 1;
  const rank = index - first + 1;
  const size = 0.5 * count ** (2 / 3);
  const side = rank < count / 2 ? -1 : 1;
  const shift = side * 0.5 * Math.sqrt((Math.log(count) * size * (count - size)) / count);
  select(
    values,
    Math.max(first, Math.floor(index - (rank * size) / count + shift)),
    Math.min(last, Math.floor(index + ((count - rank) * size) / count + shift)),
    index,
  );
}
