import type { SecretPattern } from './secret-pattern.ts';
import { withheld } from './secret-pattern.ts';

/**
 * Takes the secrets out of a body that comes in pieces. What may be the beginning of one is held back until the next piece tells, or the end; all
 * else goes on at once, and uncopied where nothing was found.
 */
export class StreamScrubber {
  readonly #patterns: readonly SecretPattern[];
  readonly #held: Buffer[];

  /** Each pattern looks through what those before it have let pass. */
  constructor(patterns: readonly SecretPattern[]) {
    this.#patterns = patterns;
    this.#held = patterns.map(() => Buffer.alloc(0));
  }

  /** What can be handed on now; it may be empty. */
  push(piece: Uint8Array): Uint8Array {
    return this.#patterns.reduce((bytes, pattern, index) => this.#pass(pattern, index, bytes), bufferOf(piece));
  }

  /** The rest. */
  end(): Uint8Array {
    return this.#patterns.reduce<Buffer>((bytes, pattern, index) => {
      const rest = Buffer.concat([this.#held[index] ?? Buffer.alloc(0), bytes]);
      this.#held[index] = Buffer.alloc(0);
      return pattern.scrub(rest);
    }, Buffer.alloc(0));
  }

  #pass(pattern: SecretPattern, index: number, piece: Buffer): Buffer {
    const before = this.#held[index];
    const bytes = before === undefined || before.byteLength === 0 ? piece : Buffer.concat([before, piece]);
    const heldFrom = pattern.heldFrom(bytes);
    const expression = pattern.expressionFor(bytes);
    if (expression === undefined) {
      this.#held[index] = bytes.subarray(heldFrom);
      return bytes.subarray(0, heldFrom);
    }
    const text = bytes.toString('latin1');
    let clean = '';
    let last = 0;
    for (const { 0: found, index: at } of text.matchAll(expression)) {
      if (at >= heldFrom) break;
      clean += text.slice(last, at) + withheld;
      last = at + found.length;
    }
    const keptFrom = Math.max(heldFrom, last);
    this.#held[index] = bytes.subarray(keptFrom);
    return Buffer.from(clean + text.slice(last, keptFrom), 'latin1');
  }
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
