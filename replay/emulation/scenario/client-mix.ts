/** `--client engel:0.2,stock:0.8`: whole populations by weight. */
import type { ClientProfile } from "../../../stack/config.ts";
import type { ClientShare } from "../settings.ts";
import type { ClientMix } from "./scenario.ts";

export const CLIENT_PROFILES = ["engel", "stock", "filtering", "bsd44", "freebsd"] as const;

const isProfile = (word: string): word is ClientProfile =>
  (CLIENT_PROFILES as readonly string[]).includes(word);

/**
 * Reads a mix: profiles with weights, `engel:1` being the same as `engel`.
 * @throws {RangeError} saying what was expected and found
 */
export function parseClientMix(text: string): ClientMix {
  const weights = new Map<ClientProfile, number>();
  for (const part of text.split(",")) {
    const [word, weight = "1", ...rest] = part.trim().split(":");
    const value = Number(weight);
    if (!isProfile(word)) {
      throw new RangeError(`expected ${CLIENT_PROFILES.join(", ")}; found "${word}"`);
    }
    if (rest.length > 0 || weight.trim() === "" || !(value > 0) || !Number.isFinite(value)) {
      throw new RangeError(`expected PROFILE:WEIGHT with a weight above 0; found "${part.trim()}"`);
    }
    weights.set(word, (weights.get(word) ?? 0) + value);
  }
  const sum = [...weights.values()].reduce((a, b) => a + b, 0);
  const shares: ClientShare[] = [...weights].map(([profile, w]) => ({ profile, share: w / sum }));
  const label =
    shares.length === 1
      ? shares[0].profile
      : shares.map(({ profile, share }) => `${profile}:${Number(share.toPrecision(4))}`).join(",");
  return { label, shares };
}
