/**
 * d(N): the expected range (largest minus smallest) of N independent standard normal numbers,
 * ∫ 1 − Φ(x)ᴺ − (1 − Φ(x))ᴺ dx (Tippett 1925). 2.326 for N = 5.
 *
 * With Poisson arrivals and picks that ignore load, the active connections of N servers are
 * independent Poisson numbers of mean m, nearly normal with variance m: hence E[(max − min)/mean]
 * ≈ d(N)/√m, whatever the law of durations (M/G/∞).
 */
export function expectedRange(n: number): number {
  const step = 1 / 512;
  const limit = 10;
  let below = 0;
  let area = 0;
  let density = Math.exp((-limit * limit) / 2);
  for (let x = -limit; x < limit; x += step) {
    const middle = Math.exp(-((x + step / 2) ** 2) / 2);
    const next = Math.exp(-((x + step) ** 2) / 2);
    // Simpson's rule for Φ over the step; the trapezoid of the smooth integrand vanishes at ±10.
    below += (step * (density + 4 * middle + next)) / (6 * Math.sqrt(2 * Math.PI));
    density = next;
    const phi = Math.min(1, below);
    area += step * (1 - phi ** n - (1 - phi) ** n);
  }
  return area;
}

/**
 * d(N)/√m: expected imbalance of load-blind picks; `range` is the servers' `expectedRange`, which takes
 * milliseconds, `m` mean active connections per server.
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
