import { expect, it } from 'vitest';
import { createPack } from './pack.ts';

it('places values one behind the other, counting from 1, in bytes', () => {
  const pack = createPack();
  expect([pack.add('né'), pack.add(null), pack.add(''), pack.add(new Uint8Array([1, 2]))]).toEqual([
    { from: 1, length: 3 },
    null,
    { from: 4, length: 0 },
    { from: 4, length: 2 },
  ]);
  expect(pack.bytes()).toEqual(Buffer.from([0x6e, 0xc3, 0xa9, 1, 2]));
});

it('takes the part of a larger buffer that it is given', () => {
  const pack = createPack();
  pack.add(new Uint8Array([9, 8, 7, 6]).subarray(1, 3));
  expect(pack.bytes()).toEqual(Buffer.from([8, 7]));
});
