import { expect, it } from 'vitest';
import { fitBody } from './fit-body.ts';

const payload = {
  action: 'opened',
  issue: { number: 7, title: 'A title', body: 'The text.', labels: [{ name: 'bug' }], user: { login: 'a', avatar_url: 'x'.repeat(500) } },
  repository: { name: 'r', full_name: 'a/r', owner: { login: 'a' }, keys_url: 'y'.repeat(500) },
};

it.each([300, 800, 2_048])('brings a payload to %i bytes and keeps what is needed', (bytes) => {
  const fitted = fitBody(payload, bytes);
  expect(Buffer.byteLength(JSON.stringify(fitted))).toBe(bytes);
  expect(fitted).toMatchObject({ action: 'opened', issue: { number: 7, labels: [{ name: 'bug' }] }, repository: { full_name: 'a/r' } });
});

it('refuses a size that what is needed does not fit in', () => {
  expect(() => fitBody(payload, 100)).toThrow('as small as 100 bytes');
});
