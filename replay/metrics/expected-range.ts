/**
 * d(N): the expected range (largest minus smallest) of N independent standard normal numbers,
 * ∫ 1 − Φ(x)ᴺ − (1 − Φ(x))ᴺ dx (Tippett 1925). 2.326 for N = 5.
 *
 * With Poisson arrivals and picks that ignore load, the active connections of N servers are
 * independent Poisson numbers of mean m, nearly normal with variance m: hence E[(max − min)/mean]
 * ≈ d(N)/√m, whatever the law of durations (M/G/∞).
 */
export function expectedRange(n: number): number {
  const step = 1 / 16;
  const limit = 10;
  let below = 0;
  let area = 0;
  for (let x = -limit; x < limit; x += step) {
    below += densityOver(x, step);
    const phi = Math.min(1, below);
    // The trapezoid of the smooth integrand, which vanishes at ±10.
    area += step * (1 - phi ** n - (1 - phi) ** n);
  }
  return area;
}

/** Nodes and weights of Gauss and Legendre's rule with five points, those beside the middle twice. */
const GAUSS = [
  [0.5384693101056831, 0.47862867049936647],
  [0.906179845938664, 0.23692688505618908],
] as const;
const GAUSS_MIDDLE = 0.5688888888888889;

/** What Φ rises by from `x` to `x + step`. */
function densityOver(x: number, step: number): number {
  const half = step / 2;
  const middle = x + half;
  let sum = GAUSS_MIDDLE * Math.exp((-middle * middle) / 2);
  for (const [node, weight] of GAUSS) {
    const [left, right] = [middle - half * node, middle + half * node];
    sum += weight * (Math.exp((-left * left) / 2) + Math.exp((-right * right) / 2));
  }
  return (half * sum) / Math.sqrt(2 * Math.PI);
}

/**
 * d(N)/√m: expected imbalance of load-blind picks; `range` is the servers' `expectedRange`, which takes
 * a millisecond, `m` mean active connections per server.
 */
export const expectedImbalance = (range: number, m: number): number =>
  m > 0 ? range / Math.sqrt(m) : 0;

/**
 * Share of samples of `n` independent standard normal numbers whose range is at most `r`:
 * n ∫ φ(x) (Φ(x + r) − Φ(x))ⁿ⁻¹ dx (Hartley 1942). With r = imbalance·√m it is the distribution
 * function that a load-blind policy's imbalance has under Poisson arrivals; `expectedRange` its mean.
 */
export function rangeBelow(n: number, r: number): number {
  if (r <= 0) return 0;
  const steps = 400;
  const from = -8;
  const to = 8;
  const width = (to - from) / steps;
  let sum = 0;
  for (let i = 0; i <= steps; i++) {
    const x = from + i * width;
    const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
    // The integrand vanishes with all its derivatives at both ends: the trapezoid is exact.
    sum += density * (normalBelow(x + r) - normalBelow(x)) ** (n - 1);
  }
  return Math.min(1, n * sum * width);
}

/** Φ: the standard normal distribution function, within 1e-12 (Marsaglia 2004). */
function normalBelow(x: number): number {
  if (x < -8) return 0;
  if (x > 8) return 1;
  let sum = x;
  let term = x;
  for (let i = 3; sum + term !== sum; i += 2) {
    term *= (x * x) / i;
    sum += term;
  }
  return 0.5 + (sum * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI);
}
