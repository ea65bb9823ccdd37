import { expect, it } from 'vitest';
import { hmacSha256, timestampedHmacSha256 } from './signature-scheme.ts';

it('names headers in lower case, as they are looked up', () => {
  expect(hmacSha256({ header: 'X-Hub-Signature-256', prefix: 'sha256=' })).toEqual({
    kind: 'hmac',
    hash: 'sha256',
    secret: 'utf8',
    signs: ['body'],
    header: 'x-hub-signature-256',
    prefix: 'sha256=',
    encoding: 'hex',
  });
  const slack = timestampedHmacSha256({ header: 'X-Slack-Signature', timestampHeader: 'X-Slack-Request-Timestamp', version: 'v0' });
  expect(slack).toMatchObject({ header: 'x-slack-signature', prefix: 'v0=', time: { in: { header: 'x-slack-request-timestamp' } } });
});

it('takes a signature for five minutes unless told otherwise', () => {
  const names = { header: 'a', timestampHeader: 'b', version: 'v0' };
  expect(timestampedHmacSha256(names).time?.toleranceSeconds).toBe(300);
  expect(timestampedHmacSha256({ ...names, toleranceSeconds: 60 }).time?.toleranceSeconds).toBe(60);
});

it('has no prefix unless told otherwise', () => {
  expect(hmacSha256({ header: 'x', encoding: 'base64' })).toMatchObject({ prefix: '', encoding: 'base64' });
});
