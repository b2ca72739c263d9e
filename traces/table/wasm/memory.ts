/**
 * Memory behind what JavaScript has laid out: blocks of powers of two. A block given back is used
 * again for one of its size, so that tables which double lose no more than they have.
 */

const PAGE_SHIFT: usize = 16;
const LINE_BYTES: usize = 64;
/** One list of free blocks for each power of two that 32 bits can count. */
const LISTS_BYTES: usize = 32 * 4;

/** First byte that was never given out. */
let top: usize = 0;
let lists: usize = 0;

/** Says that there is no more memory, and does not return. */
declare function exhausted(): void;

/** Everything from byte `at`, a multiple of 64, is ours. */
export function beginHeap(at: usize): void {
  lists = at;
  top = at + LISTS_BYTES;
  reach(top);
}

function sizeClass(bytes: usize): usize {
  return 32 - <usize>clz<u32>(<u32>max(bytes, LINE_BYTES) - 1);
}

/** Zeroed memory for `bytes`, at the beginning of a cache line. */
export function allocate(bytes: usize): usize {
  const size = sizeClass(bytes);
  const list = lists + (size << 2);
  const free = load<u32>(list);
  if (free !== 0) {
    store<u32>(list, load<u32>(free));
    memory.fill(free, 0, (<usize>1) << size);
    return free;
  }
  const block = top;
  // The sum may be too much for 32 bits.
  if ((<u64>block + ((<u64>1) << size)) >> 32 !== 0) exhausted();
  top = block + ((<usize>1) << size);
  reach(top);
  return block;
}

/** Gives back what `allocate` gave for `bytes`. */
export function release(block: usize, bytes: usize): void {
  const list = lists + (sizeClass(bytes) << 2);
  store<u32>(block, load<u32>(list));
  store<u32>(list, <u32>block);
}

function reach(end: usize): void {
  const pages = <i32>((end + ((<usize>1) << PAGE_SHIFT) - 1) >> PAGE_SHIFT);
  const more = pages - memory.size();
  if (more > 0 && memory.grow(more) < 0) exhausted();
}
