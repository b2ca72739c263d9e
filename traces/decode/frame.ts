/** A place in a packet, moved inwards from layer to layer. One object serves all packets. */
export class Frame {
  view: DataView = new DataView(new ArrayBuffer(0));
  /** Where the next header begins, in bytes of `view`. */
  at = 0;
  /** End of what was captured. */
  end = 0;
  /** End of what was on the wire; beyond `end` when the capture cut the packet. */
  wireEnd = 0;

  /** Bytes captured from here on. */
  get left(): number {
    return this.end - this.at;
  }
}

/** What a layer returns when the packet ends inside its header. */
export const LAYER_CUT = -1;
/** What a layer returns when there is nothing to follow. */
export const LAYER_UNKNOWN = -2;

/**
 * Moves `frame.at` behind one layer's header and returns the EtherType of what follows, or a
 * negative `LAYER_*`.
 */
export type Layer = (frame: Frame) => number;
