import type { Payload } from '@patchbay/core/adapter';
import { expect, it } from 'vitest';
import { decodePayload, encodePayload } from './payload.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

for (const [byte, codec] of (['plain', 'compressed', 'sealed'] as const).entries()) {
  it(`keeps ${codec} bytes behind the byte ${byte}`, () => {
    const payload: Payload = { codec, bytes: new Uint8Array([0, 255, 7]) };
    expect(hex(encodePayload(payload))).toBe(`0${byte}00ff07`);
    expect(decodePayload(hex(encodePayload(payload)))).toEqual(payload);
  });
}

it('refuses to read a coding that it does not know', () => {
  expect(() => decodePayload('0901')).toThrow('coding');
  expect(() => decodePayload('')).toThrow('coding');
});
