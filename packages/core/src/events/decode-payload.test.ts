import { expect, it } from 'vitest';
import { decodePayload } from './decode-payload.ts';

it('reads plain JSON, and refuses a coding of another version', () => {
  const bytes = new TextEncoder().encode('{"a":[1]}');
  expect(decodePayload({ codec: 'plain', bytes })).toEqual({ a: [1] });
  for (const codec of ['compressed', 'sealed'] as const)
    expect(() => decodePayload({ codec, bytes })).toThrowError(expect.objectContaining({ code: 'unsupported' }));
});
