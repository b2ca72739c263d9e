/** Every design's name, in the order of `DESIGNS`: for who lists them and need not load them. */
export const DESIGN_NAMES = [
  "plain",
  "pinned-transmit",
  "pinned-receive",
  "pinned-two-pass",
  "rfc1546",
  "source-identification",
  "connection-router",
] as const;

export type DesignName = (typeof DESIGN_NAMES)[number];
