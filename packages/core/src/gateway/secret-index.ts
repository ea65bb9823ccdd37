/** Characters that are looked at together. */
const gram = 4;

/** Positions that are passed over at most between two looks. */
const longestStride = 64;

/** Slots of the table by which a look is mostly in vain; a power of two. */
const slots = 2_048;

/**
 * Tells whether one of some texts stands in another, without reading all of it. Whatever holds a text of at least n characters holds four of its first
 * characters at some place that is a multiple of n - 3: only those places are looked at. Each text is six characters or longer.
 */
export class SecretIndex {
  readonly #texts: readonly string[];
  readonly #stride: number;
  /** First entry of each slot, counted from one; zero for none. */
  readonly #heads = new Uint16Array(slots);
  readonly #nexts: number[] = [0];
  readonly #entries: { readonly text: string; readonly offset: number }[] = [];

  constructor(texts: readonly string[]) {
    this.#texts = texts;
    const shortest = Math.min(...texts.map(({ length }) => length), longestStride + gram);
    this.#stride = Math.max(1, Math.min(longestStride, shortest - gram + 1));
    for (const text of texts) for (let offset = 0; offset < this.#stride; offset += 1) this.#enter(text, offset);
  }

  /** For characters that are one byte each. */
  isInBytes(bytes: Uint8Array): boolean {
    if (this.#texts.length === 0) return false;
    const last = bytes.byteLength - gram;
    for (let at = 0; at <= last; at += this.#stride) {
      const slot = slotOf(bytes[at] ?? 0, bytes[at + 1] ?? 0, bytes[at + 2] ?? 0, bytes[at + 3] ?? 0);
      let entry = this.#heads[slot] ?? 0;
      for (; entry !== 0; entry = this.#nexts[entry] ?? 0) if (this.#standsIn(bytes, at, entry)) return true;
    }
    return false;
  }

  isInText(text: string): boolean {
    if (this.#texts.length === 0) return false;
    const last = text.length - gram;
    for (let at = 0; at <= last; at += this.#stride) {
      const slot = slotOf(text.charCodeAt(at), text.charCodeAt(at + 1), text.charCodeAt(at + 2), text.charCodeAt(at + 3));
      let entry = this.#heads[slot] ?? 0;
      for (; entry !== 0; entry = this.#nexts[entry] ?? 0) {
        const found = this.#entries[entry - 1];
        if (found && at >= found.offset && text.startsWith(found.text, at - found.offset)) return true;
      }
    }
    return false;
  }

  #enter(text: string, offset: number): void {
    const slot = slotOf(text.charCodeAt(offset), text.charCodeAt(offset + 1), text.charCodeAt(offset + 2), text.charCodeAt(offset + 3));
    this.#entries.push({ text, offset });
    this.#nexts.push(this.#heads[slot] ?? 0);
    this.#heads[slot] = this.#entries.length;
  }

  #standsIn(bytes: Uint8Array, at: number, entry: number): boolean {
    const found = this.#entries[entry - 1];
    if (found === undefined) return false;
    const { text, offset } = found;
    const begin = at - offset;
    if (begin < 0 || begin + text.length > bytes.byteLength) return false;
    for (let index = 0; index < text.length; index += 1) if (bytes[begin + index] !== text.charCodeAt(index)) return false;
    return true;
  }
}

/** Knuth's multiplication, of the low bytes. */
function slotOf(first: number, second: number, third: number, fourth: number): number {
  const bits = (first & 255) | ((second & 255) << 8) | ((third & 255) << 16) | ((fourth & 255) << 24);
  return Math.imul(bits, 0x9e3779b1) >>> 21;
}
