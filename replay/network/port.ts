/** Where packets come out of a link. */
import type { Interface } from "../../stack/interface.ts";
import type { Mbuf } from "../../stack/mbuf.ts";
import type { Stack } from "../../stack/stack.ts";

export interface Port {
  /** Takes a packet and owns it. */
  receive(m: Mbuf): void;
}

/** An interface of a stack. */
export class StackPort implements Port {
  private readonly stack: Stack;
  private readonly interface: Interface;

  constructor(stack: Stack, interface_: Interface) {
    this.stack = stack;
    this.interface = interface_;
  }

  receive(m: Mbuf): void {
    this.stack.input(m, this.interface);
  }
}
