import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { readStream } from './read-stream.ts';

const chunks = (...texts: readonly string[]) => Readable.from(texts.map((text) => Buffer.from(text)));

describe('readStream', () => {
  it('joins the chunks up to the limit', async () => {
    expect(Buffer.from(await readStream(chunks('ab', 'cd', 'e'), 5)).toString()).toBe('abcde');
    expect(await readStream(chunks(), 5)).toHaveLength(0);
  });

  it('stops reading as soon as the limit is passed', async () => {
    let sent = 0;
    async function* endless() {
      for (;;) {
        sent += 1;
        yield new Uint8Array(10);
      }
    }
    await expect(readStream(endless(), 25)).rejects.toMatchObject({ code: 'body_too_large' });
    expect(sent).toBe(3);
  });

  it('refuses a body that breaks off, and keeps the cause', async () => {
    async function* broken() {
      yield new Uint8Array(10);
      throw new Error('ECONNRESET');
    }
    await expect(readStream(broken(), 25)).rejects.toMatchObject({ code: 'body_invalid', cause: { message: 'ECONNRESET' } });
  });
});
