/**
 * The value that would stand at `index` if the values were sorted, in linear time: C. Hoare's FIND
 * (Algorithm 65, CACM 4, 1961). Reorders the values, so that none before `index` is larger and none
 * after it smaller. They must be numbers, not NaN.
 */
export function orderStatistic(values: Float64Array, index: number): number {
  let first = 0;
  let last = values.length - 1;
  while (first < last) {
    const pivot = medianOfThree(values[first], values[(first + last) >> 1], values[last]);
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
    else break;
  }
  return values[index];
}

function medianOfThree(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}
