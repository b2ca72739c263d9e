/** The pages' own parts, which are data to this program. */
import { readFileSync } from "node:fs";
import { projectFile } from "../../../traces/project-file.ts";

/** Read from the sources' folder: the compiler neither copies nor changes these. */
export const asset = (name: string): string =>
  readFileSync(projectFile(`replay/report/html/${name}`), "utf8");
