/** Ethernet II header (IEEE 802.3 section 3.1.1): destination, source, type. */

export const ETHERNET_HEADER_LENGTH = 14;

export const ETHERTYPE_IPV4 = 0x0800;
export const ETHERTYPE_ARP = 0x0806;
export const ETHERTYPE_VLAN = 0x8100;
export const ETHERTYPE_IPV6 = 0x86dd;
export const ETHERTYPE_PPPOE_SESSION = 0x8864;
export const ETHERTYPE_MPLS = 0x8847;
export const ETHERTYPE_MPLS_MULTICAST = 0x8848;
export const ETHERTYPE_QINQ = 0x88a8;

/** EtherType, or an IEEE 802.3 length when below 0x600. */
export const etherType = (view: DataView, at: number): number => view.getUint16(at + 12);
export const setEtherType = (view: DataView, at: number, type: number): void =>
  view.setUint16(at + 12, type);
