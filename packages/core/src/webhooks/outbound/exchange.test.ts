import { describe, expect, it } from 'vitest';
import { type Exchange, exchangeText, keptAnswer } from './exchange.ts';

const answer = (body: Uint8Array | string, headers = {}) => ({
  status: 200,
  headers,
  body: typeof body === 'string' ? Buffer.from(body) : body,
  truncated: false,
});
const exchange = (response: Exchange['response'], headers: Readonly<Record<string, string>> = {}): Exchange => ({
  request: { method: 'POST', url: 'https://shop.example.com/hook?token=hidden', headers, bodyBytes: 2, bodySha256: 'ab'.repeat(32) },
  response,
  errorClass: null,
  sent: 'maybe',
  timing: { connectMs: 1, firstByteMs: 2, totalMs: 3 },
});

describe('what is kept of an exchange', () => {
  it('is the first KiB of the answer, as text without NUL, and no cookie', () => {
    const kept = keptAnswer(answer(`a\u0000${'b'.repeat(2_000)}`, { 'Set-Cookie': 's=1', 'X-Request-Id': ['1', '2'], empty: undefined }));
    expect(kept).toMatchObject({ status: 200, headers: { 'x-request-id': '1, 2' }, isCut: true });
    expect(kept.body).toHaveLength(1_024);
    expect(kept.body.startsWith('a\ufffdb')).toBe(true);
    expect(keptAnswer(answer(Uint8Array.of(0xff, 0xfe))).body).toBe('\ufffd\ufffd');
  });

  it('holds no query of the URL', () => {
    expect(exchangeText(exchange(null))).not.toContain('hidden');
    expect(JSON.parse(exchangeText(exchange(null)))).toMatchObject({ request: { url: 'https://shop.example.com/hook' }, response: null });
  });

  it('is 8 KiB at most, whatever was sent and answered', () => {
    const wide = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`x-${index}-${'n'.repeat(200)}`, '\u0001'.repeat(1_000)]));
    for (const body of ['', '\u0001'.repeat(5_000), '\u{1f600}'.repeat(2_000)])
      for (const headers of [{}, wide])
        for (const sent of [{}, wide]) {
          const text = exchangeText(exchange(keptAnswer(answer(body, headers)), sent));
          expect(Buffer.byteLength(text)).toBeLessThanOrEqual(8_192);
          expect(JSON.parse(text)).toMatchObject({ timing: { totalMs: 3 } });
        }
  });
});
