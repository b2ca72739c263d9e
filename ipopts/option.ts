/**
 * The type byte of an IPv4 option (RFC 791 section 3.1): copied flag, class, number.
 *
 * ```
 *  0 1 2 3 4 5 6 7
 * |C|cls|  number |   C: carried by every fragment, class 0 control, class 2 measurement
 * ```
 */

export const OPT_EOL = 0;
export const OPT_NOP = 1;
export const OPT_RR = 7;
export const OPT_MTU_PROBE = 11;
export const OPT_MTU_REPLY = 12;
export const OPT_QUICK_START = 25;
export const OPT_TS = 68;
export const OPT_TRACEROUTE = 82;
export const OPT_SECURITY = 130;
export const OPT_LSRR = 131;
export const OPT_EXTENDED_SECURITY = 133;
export const OPT_CIPSO = 134;
export const OPT_STREAM_ID = 136;
export const OPT_SSRR = 137;
export const OPT_ADDRESS_EXTENSION = 147;
export const OPT_ROUTER_ALERT = 148;
export const OPT_SDB = 149;
export const OPT_UPSTREAM_MULTICAST = 152;

/** IHL is at most 15 words: 40 bytes of options (RFC 791 section 3.1). */
export const MAX_OPTIONS_LENGTH = 40;

/** Whether fragments after the first carry the option too. */
export const isCopied = (type: number): boolean => (type & 0x80) !== 0;
/** 0 control, 2 debugging and measurement; 1 and 3 are reserved. */
export const optionClass = (type: number): number => (type >>> 5) & 3;
/** The five low bits. Two options may share a number and differ in class. */
export const optionNumber = (type: number): number => type & 31;
/** LSRR or SSRR. */
export const isSourceRoute = (type: number): boolean => type === OPT_LSRR || type === OPT_SSRR;
