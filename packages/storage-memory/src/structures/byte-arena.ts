/** Copies bytes into shared blocks: one allocation serves many small payloads, and a block whose payloads are gone serves the next ones. */
export interface ByteArena {
  /** A copy that nobody else changes. Hand out copies of it only. */
  keep(bytes: Uint8Array): Uint8Array;
  /** Takes back what `keep` gave; its bytes may change from now on. */
  release(kept: Uint8Array): void;
}

interface Block {
  readonly buffer: ArrayBuffer;
  used: number;
  /** Payloads in it. */
  live: number;
}

/** Bytes of a block. A block lives as long as one payload in it, so an open event keeps at most this much alive. */
const blockSize = 65_536;
/** Larger payloads get a buffer of their own. */
const largestShared = 16_384;
/** Most empty blocks kept for later: 16 MiB. Fresh memory costs more than the copy into it. */
const mostSpare = 256;

const newBlock = (): Block => ({ buffer: Buffer.allocUnsafeSlow(blockSize).buffer, used: 0, live: 0 });

/** Makes an arena. */
export function createByteArena(): ByteArena {
  const blocks = new WeakMap<ArrayBufferLike, Block>();
  const spare: Block[] = [];
  let current: Block | undefined;

  function blockFor(length: number): Block {
    if (current !== undefined && current.used + length <= blockSize) return current;
    if (current?.live === 0) current.used = 0;
    else {
      current = spare.pop() ?? newBlock();
      blocks.set(current.buffer, current);
    }
    return current;
  }

  return {
    keep(bytes) {
      if (bytes.length > largestShared) return new Uint8Array(bytes);
      const block = blockFor(bytes.length);
      const kept = new Uint8Array(block.buffer, block.used, bytes.length);
      kept.set(bytes);
      block.used += bytes.length;
      block.live += 1;
      return kept;
    },
    release({ buffer }) {
      const block = blocks.get(buffer);
      if (block === undefined) return;
      block.live -= 1;
      if (block.live > 0 || block === current || spare.length >= mostSpare) return;
      block.used = 0;
      spare.push(block);
    },
  };
}
