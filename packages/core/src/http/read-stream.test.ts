import { describe, expect, it } from 'vitest';
import { createManualClock } from '../net/__fixtures__/manual-clock.ts';
import { createBodyRoom } from './create-body-room.ts';
import { readStream } from './read-stream.ts';

const chunks = (...texts: readonly string[]) => ReadableStream.from(texts.map((text) => Buffer.from(text)));
const placeOf = (maximumBodyBytes: number) => createBodyRoom({ clock: createManualClock(), maximumBodyBytes }).enter();

describe('readStream', () => {
  it('joins the chunks up to the limit', async () => {
    expect(Buffer.from(await readStream(chunks('ab', 'cd', 'e'), placeOf(5))).toString()).toBe('abcde');
    expect(await readStream(chunks(), placeOf(5))).toHaveLength(0);
  });

  it('stops reading as soon as the limit is passed', async () => {
    let sent = 0;
    async function* endless() {
      for (;;) {
        sent += 1;
        yield new Uint8Array(10);
      }
    }
    await expect(readStream(ReadableStream.from(endless()), placeOf(25))).rejects.toMatchObject({ code: 'body_too_large' });
    expect(sent).toBe(3);
  });

  it('refuses a body that breaks off, and keeps the cause', async () => {
    async function* broken() {
      yield new Uint8Array(10);
      throw new Error('ECONNRESET');
    }
    const stream = ReadableStream.from(broken());
    await expect(readStream(stream, placeOf(25))).rejects.toMatchObject({ code: 'body_invalid', cause: { message: 'ECONNRESET' } });
  });

  it('refuses a stream of something else than bytes, of which nothing could be counted', async () => {
    const stream: ReadableStream = ReadableStream.from(['text']);
    await expect(readStream(stream, placeOf(25))).rejects.toMatchObject({ code: 'body_invalid' });
  });

  it('gives up a body that does not end, and leaves it unread without ending the connection', async () => {
    const clock = createManualClock();
    const place = createBodyRoom({ clock, maximumBodyBytes: 1_000 }).enter();
    const cancelled: unknown[] = [];
    const stream = new ReadableStream({
      start: (controller) => controller.enqueue(new Uint8Array(10)),
      cancel: (reason) => void cancelled.push(reason),
    });
    const reading = readStream(stream, place);
    clock.advance(10_000);
    await expect(reading).rejects.toMatchObject({ code: 'body_invalid', message: expect.stringContaining('10 seconds') });
    expect([cancelled, stream.locked]).toEqual([[], false]);
  });
});
