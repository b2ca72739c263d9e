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

/** d(N)/√m: expected imbalance of load-blind picks, `m` mean active connections per server. */
export function expectedImbalance(servers: number, m: number): number {
  return m > 0 ? expectedRange(servers) / Math.sqrt(m) : 0;
}
