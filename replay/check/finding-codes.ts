/** Codes of the findings that are counted before anybody writes them out. */
export const IP_SUM_WRONG = "ip-checksum-wrong";
export const TRANSPORT_SUM_WRONG = "transport-checksum-wrong";
export const SUM_OVER_FIRST_HOP = "checksum-over-first-hop";
export const LENGTH_BEYOND_FRAME = "length-beyond-frame";
