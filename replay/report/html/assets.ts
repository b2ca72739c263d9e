/** The pages' own parts, which are data to this program. */
import { readFileSync } from "node:fs";

/** Read from the sources' folder: the compiler neither copies nor changes these. */
export const asset = (name: string): string =>
  readFileSync(new URL(`../../../../replay/report/html/${name}`, import.meta.url), "utf8");
