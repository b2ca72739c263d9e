/** `--client engel:0.2,stock:0.8`: whole populations by weight. */
import type { ClientProfile } from "../../../stack/config.ts";
import { CLIENT_PROFILES } from "../../experiment.ts";
import type { ClientShare } from "../settings.ts";
import type { ClientMix } from "./scenario.ts";

/** What each profile does with the source route of a SYN-ACK, a line each for reports. */
export const CLIENT_SUMMARIES = {
  engel: "reverse the source route of a SYN-ACK, as the paper assumes of all",
  stock: "ignore it, as Linux does where it accepts source routes at all",
  filtering: "never see a packet with a source route, as by default in Linux: it is dropped",
  bsd44: "ignore it, as 4.4BSD does",
  freebsd: "ignore it, as FreeBSD does where it accepts source routes at all",
} as const;

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
