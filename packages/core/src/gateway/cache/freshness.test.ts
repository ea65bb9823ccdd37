import { expect, it } from 'vitest';
import { freshnessOf } from './freshness.ts';

it.each([
  [{}, true, 0],
  [{ 'cache-control': 'max-age=60' }, true, 60_000],
  [{ 'cache-control': 'private, MAX-AGE="60"' }, true, 60_000],
  [{ 'cache-control': 'max-age=60', age: '20' }, true, 40_000],
  [{ 'cache-control': 'max-age=60', age: '90' }, true, 0],
  [{ 'cache-control': 'no-cache, max-age=60' }, true, 0],
  [{ 'cache-control': 's-maxage=60' }, true, 0],
  [{ 'cache-control': 'max-age=-1' }, true, 0],
  [{ 'cache-control': 'max-age=soon' }, true, 0],
  [{ 'cache-control': 'max-age=9999999999' }, true, 86_400_000],
  [{ 'cache-control': 'no-store, max-age=60' }, false, 60_000],
  [{ 'cache-control': ['public', 'no-store'] }, false, 0],
  [{ vary: 'accept, *' }, false, 0],
  [{ vary: 'Accept, Authorization' }, true, 0],
])('reads %j', (headers, mayBeKept, freshForMs) => {
  expect(freshnessOf(headers)).toEqual({ mayBeKept, freshForMs });
});
