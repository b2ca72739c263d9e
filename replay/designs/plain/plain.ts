import type { Design } from "../design.ts";

/** Anycast as it is: every packet to the shared address goes where routing takes it. */
export const plain: Design = {
  name: "plain",
  summary: "anycast without help: routers decide anew for every packet",
  server: {},
};
