import { expect, it } from 'vitest';
import { pageOf, parseCursor, rowsFor } from './page.ts';

const rows = ['c', 'b', 'a'].map((id) => ({ id }));
const read = { item: (row: Readonly<Record<string, string | null>>) => row['id'], placeOf: () => ['b', '1'] };

it('asks for one row more than a page holds, and for no more than 500', () => {
  expect([0, 1, 20, 9_999].map((limit) => rowsFor({ cursor: null, limit }))).toEqual([2, 2, 21, 501]);
});

it('has a cursor that leads behind its last item where more follows', () => {
  const page = pageOf(rows, { cursor: null, limit: 2 }, read);
  expect(page.items).toEqual(['c', 'b']);
  expect(parseCursor(page.cursor, 2)).toEqual(['b', '1']);
});

it('has no cursor at the end', () => {
  expect(pageOf(rows, { cursor: null, limit: 3 }, read).cursor).toBeNull();
});

it('begins at the start without a cursor', () => {
  expect(parseCursor(null, 3)).toEqual([null, null, null]);
});

for (const cursor of ['', 'x', Buffer.from('["a"]').toString('base64url'), Buffer.from('[1,2]').toString('base64url')]) {
  it(`refuses the cursor "${cursor}", which no page has given`, () => {
    expect(() => parseCursor(cursor, 2)).toThrow(expect.objectContaining({ code: 'invalid_argument' }));
  });
}
