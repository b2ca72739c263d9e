/**
 * One packet before one kernel: the header being worked on, the option under the walk, and what
 * earlier options left behind. Made once, started again for every packet.
 */
import { SavedRoute } from "../saved-route.ts";
import { fragmentOffset, headerChecksum } from "./header.ts";
import { Verdict } from "./verdict.ts";
import type { Route, World } from "./world.ts";

export class Case {
  readonly verdict: Verdict = new Verdict();
  /** The working copy of the header, which the verdict shows in the end. */
  readonly header: DataView = this.verdict.headerView;
  headerLength = 0;
  packet: DataView = new DataView(new ArrayBuffer(0));
  packetAt = 0;
  /** Bytes of the packet that are there. */
  packetLength = 0;
  readonly world: World;

  /** Scratch for a route that is saved to be reversed. */
  readonly saved: SavedRoute = new SavedRoute();

  /** The option under the walk: where it begins in the header, its type and length. */
  at = 0;
  type = 0;
  length = 0;

  /** Where the first of each kind stands, 0 while none was seen. */
  routeAt = 0;
  recordAt = 0;
  timeAt = 0;
  cipsoAt = 0;
  strict = false;
  /** A slot was taken that must name the interface the packet leaves by. */
  recordWantsAddress = false;
  timeWantsAddress = false;
  timeWantsTime = false;
  /** Destination before any option changed it. */
  firstDestination = 0;
  /** The source route took this host as a hop, and `next` is where it goes now. */
  routeHit = false;
  /** How many options took this host as a hop (BSD lets more than one). */
  hopsTaken = 0;
  next = 0;
  /** Where the packet goes by the routing table, for kernels that look before they walk. */
  route: Route | null = null;
  /** What kind of address the destination is, in the kernel's own terms. */
  kind = 0;

  /** `world.isOwn` as a function that needs no object around it. */
  readonly isOwn: (address: number) => boolean;

  constructor(world: World) {
    this.world = world;
    this.isOwn = (address) => world.isOwn(address);
  }

  /** Takes up `length` bytes of an IPv4 packet at `at`, whose header is `headerLength` bytes. */
  start(view: DataView, at: number, length: number, headerLength: number): void {
    this.verdict.clear();
    this.packet = view;
    this.packetAt = at;
    this.packetLength = length;
    this.headerLength = headerLength;
    for (let i = 0; i < headerLength; i += 4) this.header.setUint32(i, view.getUint32(at + i));
    this.at = 0;
    this.routeAt = 0;
    this.recordAt = 0;
    this.timeAt = 0;
    this.cipsoAt = 0;
    this.strict = false;
    this.recordWantsAddress = false;
    this.timeWantsAddress = false;
    this.timeWantsTime = false;
    this.firstDestination = this.destination;
    this.routeHit = false;
    this.hopsTaken = 0;
    this.next = 0;
    this.route = null;
    this.kind = 0;
  }

  get source(): number {
    return this.header.getUint32(12);
  }

  get destination(): number {
    return this.header.getUint32(16);
  }

  set destination(address: number) {
    this.header.setUint32(16, address);
  }

  get ttl(): number {
    return this.header.getUint8(8);
  }

  /** Whether this is a fragment other than the first. */
  get laterFragment(): boolean {
    return fragmentOffset(this.header) !== 0;
  }

  /**
   * A byte counted from the start of the header. Behind it stands the payload, which some kernels
   * read by mistake; behind that, zero.
   */
  byte(offset: number): number {
    if (offset < this.headerLength) return this.header.getUint8(offset);
    return offset < this.packetLength ? this.packet.getUint8(this.packetAt + offset) : 0;
  }

  /** Four bytes, as `byte` gives them. */
  word(offset: number): number {
    if (offset + 4 <= this.headerLength) return this.header.getUint32(offset);
    return (
      this.byte(offset) * 0x1000000 +
      (this.byte(offset + 1) << 16) +
      (this.byte(offset + 2) << 8) +
      this.byte(offset + 3)
    );
  }

  /** Writes four bytes as far as they are inside the header; a payload is never touched. */
  setWord(offset: number, value: number): void {
    for (let i = 0; i < 4 && offset + i < this.headerLength; i++) {
      this.header.setUint8(offset + i, (value >>> (24 - 8 * i)) & 255);
    }
  }

  /** Writes a byte if it is inside the header. */
  setByte(offset: number, value: number): void {
    if (offset < this.headerLength) this.header.setUint8(offset, value);
  }

  /** The pointer byte of the option under the walk. */
  get pointer(): number {
    return this.byte(this.at + 2);
  }

  /** Refuses in silence. */
  drop(reason: string): void {
    this.verdict.action = "drop";
    this.verdict.reason = reason;
  }

  /** Refuses with an error; whether it may be sent is the profile's to say. */
  refuse(type: number, code: number, pointer: number, reason: string): void {
    this.verdict.action = "icmp";
    this.verdict.type = type;
    this.verdict.code = code;
    this.verdict.pointer = pointer;
    this.verdict.reason = reason;
  }

  /** Delivers here. */
  accept(reason: string): void {
    this.verdict.action = "accept";
    this.verdict.reason = reason;
    this.verdict.destination = this.destination;
    this.verdict.headerLength = this.headerLength;
  }

  /** Sends on through `dev`: one hop less to live, the checksum right. */
  forward(dev: string, reason: string): void {
    this.verdict.action = "forward";
    this.verdict.reason = reason;
    this.verdict.dev = dev;
    this.verdict.headerLength = this.headerLength;
    this.header.setUint8(8, this.ttl - 1);
    this.header.setUint16(10, 0);
    this.header.setUint16(10, headerChecksum(this.header, 0, this.headerLength));
  }
}
