/** Copies bytes into shared blocks: one allocation serves many small payloads, where a buffer of its own would cost more than the copy. */
export interface ByteArena {
  /** A copy that nobody else changes. Hand out copies of it only. */
  keep(bytes: Uint8Array): Uint8Array;
}

/** Bytes of a block. A block lives as long as one payload in it, so an open event keeps at most this much alive. */
const blockSize = 65_536;
/** Larger payloads get a buffer of their own. */
const largestShared = 16_384;

/** Makes an arena. */
export function createByteArena(): ByteArena {
  let block = new ArrayBuffer(0);
  let used = 0;
  return {
    keep(bytes) {
      if (bytes.length > largestShared) return new Uint8Array(bytes);
      if (used + bytes.length > block.byteLength) {
        block = Buffer.allocUnsafeSlow(blockSize).buffer;
        used = 0;
      }
      const kept = new Uint8Array(block, used, bytes.length);
      kept.set(bytes);
      used += bytes.length;
      return kept;
    },
  };
}
