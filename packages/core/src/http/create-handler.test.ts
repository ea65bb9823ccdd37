import { describe, expect, it, vi } from 'vitest';
import { recordingOptions } from './__fixtures__/recording-options.ts';
import { createHandler } from './create-handler.ts';

const url = 'https://app.example.com/hub/webhooks/github/r1?x=1';
const post = (body: string | null, headers: Record<string, string> = {}) => new Request(url, { method: 'POST', body, headers });

/** A body in chunks, without a length. */
const streamed = (...sizes: readonly number[]) =>
  new Request(url, {
    method: 'POST',
    duplex: 'half',
    body: new ReadableStream({
      start(controller) {
        for (const size of sizes) controller.enqueue(new Uint8Array(size).fill(97));
        controller.close();
      },
    }),
  });

describe('createHandler', () => {
  it('answers a request with a response, over the bytes as they came', async () => {
    const { options, received } = recordingOptions();
    const response = await createHandler(options)(post('{"ü": 1}', { 'X-Hub-Signature-256': 'sha256=a' }));
    expect([response.status, await response.text()]).toEqual([202, '']);
    expect(received).toMatchObject([{ registration: 'r1', text: '{"ü": 1}', headers: { 'x-hub-signature-256': 'sha256=a' } }]);
  });

  it('joins a header that came twice, so that no part of it is overlooked', async () => {
    const { options, received } = recordingOptions();
    const request = post('{}');
    request.headers.append('x-hub-signature-256', 'sha256=a');
    request.headers.append('x-hub-signature-256', 'sha256=b');
    await createHandler(options)(request);
    expect(received[0]?.headers).toMatchObject({ 'x-hub-signature-256': 'sha256=a, sha256=b' });
  });

  it('takes an empty body for what it is', async () => {
    const { options, received } = recordingOptions();
    await createHandler(options)(post(null));
    expect(received).toMatchObject([{ text: '' }]);
  });

  it('answers 404 for a path that is not its own', async () => {
    const response = await createHandler(recordingOptions().options)(new Request('https://app.example.com/other', { method: 'POST' }));
    expect([response.status, await response.text()]).toEqual([404, 'Not found.']);
  });

  it("takes the full path alone: what stands elsewhere is the host's", async () => {
    const { options, received } = recordingOptions();
    const elsewhere = new Request('https://app.example.com/webhooks/github/r1', { method: 'POST', body: '{}' });
    expect((await createHandler(options)(elsewhere)).status).toBe(404);
    expect(received).toEqual([]);
  });

  it('answers 408 where a body does not end', async () => {
    const { options, clock, errors } = recordingOptions();
    const body = new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array(10)) });
    const answer = createHandler(options)(new Request(url, { method: 'POST', duplex: 'half', body }));
    await vi.waitUntil(() => clock.pending === 1);
    clock.advance(10_000);
    const response = await answer;
    expect([response.status, await response.text(), errors]).toEqual([408, 'The body did not come in time.', []]);
  });

  it('keeps the limit for declared and for streamed bodies', async () => {
    const { options, received } = recordingOptions();
    const handler = createHandler(options);
    expect((await handler(streamed(600, 400))).status).toBe(202);
    expect((await handler(streamed(600, 401))).status).toBe(413);
    expect((await handler(post('a'.repeat(1_001)))).status).toBe(413);
    expect((await handler(post('a', { 'content-length': '1001' }))).status).toBe(413);
    expect(received).toHaveLength(1);
  });

  it('says so where the body was read before, or is being read', async () => {
    const { options, errors } = recordingOptions();
    const read = post('{}');
    await read.text();
    const locked = post('{}');
    locked.body?.getReader();
    for (const request of [read, locked]) {
      const response = await createHandler(options)(request);
      expect([response.status, await response.text()]).toEqual([500, expect.stringContaining('was read before it reached the hub')]);
    }
    expect(errors).toMatchObject([{ code: 'body_consumed' }, { code: 'body_consumed' }]);
  });

  it('makes no body for an answer that has none', async () => {
    const { options } = recordingOptions({ answer: async () => ({ status: 204, contentType: 'text/plain', body: '' }) });
    expect((await createHandler(options)(post('{}'))).body).toBeNull();
  });
});
