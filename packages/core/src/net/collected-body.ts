const leastRoom = 16_384;

/**
 * The pieces of a body, put together as they come. Kept apart they would cost a hundred bytes of memory each, and a service may send pieces of
 * one byte. A body of one piece, as most are, is not copied.
 */
export class CollectedBody {
  #size = 0;
  #bytes: Uint8Array = new Uint8Array(0);

  /** Bytes collected so far. */
  get size(): number {
    return this.#size;
  }

  add(piece: Uint8Array): void {
    if (this.#size === 0) {
      this.#bytes = piece;
      this.#size = piece.byteLength;
      return;
    }
    const size = this.#size + piece.byteLength;
    // The first piece fills its own bytes exactly, so nothing of the parser's is written over.
    if (size > this.#bytes.byteLength) {
      const room = Buffer.allocUnsafe(Math.max(leastRoom, size * 2));
      room.set(this.#bytes.subarray(0, this.#size));
      this.#bytes = room;
    }
    this.#bytes.set(piece, this.#size);
    this.#size = size;
  }

  /** All of it. The memory is handed over: nothing is added afterwards. */
  take(): Uint8Array {
    return this.#bytes.subarray(0, this.#size);
  }
}
