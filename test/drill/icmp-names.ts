/** ICMP types and codes by the names that scripts use (RFC 792, RFC 1812, RFC 4443). */

interface Type {
  number: number;
  codes: Record<string, number>;
}

const V4: Record<string, Type> = {
  unreachable: {
    number: 3,
    codes: {
      net_unreachable: 0,
      host_unreachable: 1,
      protocol_unreachable: 2,
      port_unreachable: 3,
      frag_needed: 4,
      source_route_failed: 5,
      net_unknown: 6,
      host_unknown: 7,
      source_host_isolated: 8,
      net_prohibited: 9,
      host_prohibited: 10,
      net_unreachable_for_tos: 11,
      host_unreachable_for_tos: 12,
      packet_filtered: 13,
      communication_prohibited: 13,
      precedence_violation: 14,
      precedence_cutoff: 15,
    },
  },
  source_quench: { number: 4, codes: {} },
  redirect: {
    number: 5,
    codes: { net: 0, host: 1, tos_net: 2, tos_host: 3 },
  },
  time_exceeded: {
    number: 11,
    codes: { ttl_exceeded_in_transit: 0, exceeded_in_transit: 0, frag_reass_exceeded: 1 },
  },
  parameter_problem: { number: 12, codes: {} },
};

const V6: Record<string, Type> = {
  unreachable: {
    number: 1,
    codes: {
      no_route: 0,
      admin_prohibited: 1,
      comm_prohibited: 1,
      not_neighbour: 2,
      beyond_scope: 2,
      address_unreachable: 3,
      port_unreachable: 4,
      ingress_egress_policy: 5,
      reject_route: 6,
    },
  },
  packet_too_big: { number: 2, codes: {} },
  time_exceeded: {
    number: 3,
    codes: { ttl_exceeded_in_transit: 0, exceeded_in_transit: 0, frag_reass_exceeded: 1 },
  },
  parameter_problem: {
    number: 4,
    codes: { erroneous_header_field: 0, unknown_next_header: 1, unknown_option: 2 },
  },
};

/** Type and code numbers, null for a name that is none. `code_N` and bare numbers are codes too. */
export function icmpNumbers(
  family: 4 | 6,
  type: string,
  code: string | null,
): { type: number; code: number } | null {
  const found = (family === 4 ? V4 : V6)[type];
  if (!found) return null;
  if (code === null) return { type: found.number, code: 0 };
  const plain = /^(?:code_)?(\d+)$/.exec(code);
  const number = plain ? Number(plain[1]) : found.codes[code];
  return number === undefined ? null : { type: found.number, code: number };
}
