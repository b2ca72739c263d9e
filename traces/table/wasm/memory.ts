/**
 * Memory in blocks of powers of two. A block given back is used again for one of its size, so that
 * tables which double lose no more than they have.
 */

const PAGE_SHIFT: usize = 16;
const LINE_BYTES: usize = 64;
/**
 * Left behind a block of that many bytes or more: such blocks would else begin in the same set of the
 * processor's cache, which has room for a dozen lines.
 */
const SKEW: usize = 5 * LINE_BYTES;
const SKEWED: usize = 4096;
/** One list of free blocks for each power of two that 32 bits can count. */
const LISTS_BYTES: usize = 32 * 4;

/**
 * Word of a memory that says how much of it is given out (trace-memory.ts): others may take more, in
 * other threads, too.
 */
const TAKEN: usize = 0;
let lists: usize = 0;

/** Says that there is no more memory, and does not return. */
declare function exhausted(): void;

/** To be called before anything is allocated. */
export function beginHeap(): void {
  lists = take(LISTS_BYTES);
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
  return take((<usize>1) << size);
}

/** Memory that nobody had before. */
function take(size: usize): usize {
  const bytes = size < SKEWED ? size : size + SKEW;
  const block = <usize>atomic.add<u32>(TAKEN, <u32>bytes);
  // The sum may be too much for 32 bits.
  if ((<u64>block + <u64>bytes) >> 32 !== 0) exhausted();
  reach(block + bytes);
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
