import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CollectedBody } from './collected-body.ts';

it('is all pieces in their order, whatever their sizes', () => {
  const pieces = fc.array(fc.uint8Array({ maxLength: 20_000 }), { maxLength: 8 });
  fc.assert(
    fc.property(pieces, (given) => {
      const body = new CollectedBody();
      for (const piece of given) body.add(piece);
      expect(body.size).toBe(given.reduce((sum, { byteLength }) => sum + byteLength, 0));
      expect(Buffer.concat(given).equals(body.take())).toBe(true);
    }),
    { numRuns: 200 },
  );
});

it('writes over no byte of a piece that it was given', () => {
  const source = Uint8Array.from({ length: 10 }, (_, index) => index);
  const body = new CollectedBody();
  body.add(source.subarray(0, 4));
  body.add(Uint8Array.of(99));
  expect([...source]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect([...body.take()]).toEqual([0, 1, 2, 3, 99]);
});
