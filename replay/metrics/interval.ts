/** A mean and its 95 % confidence interval, by Student's t. */

export interface Interval {
  mean: number;
  /** Half the width of the interval; 0 for a single value. */
  margin: number;
}

/** Two-sided 95 % points of Student's t for 1 … 30 degrees of freedom (Fisher and Yates, table III). */
const T95 = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145,
  2.131, 2.12, 2.11, 2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048,
  2.045, 2.042,
];

/** Of independent values; there is at least one. */
export function interval(values: readonly number[]): Interval {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  if (n === 1) return { mean, margin: 0 };
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
  return { mean, margin: (T95[n - 2] ?? 1.96) * Math.sqrt(variance / n) };
}
