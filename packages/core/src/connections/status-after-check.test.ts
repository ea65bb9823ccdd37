import { expect, it } from 'vitest';
import type { ConnectionStatus } from '../contracts/configuration-records.ts';
import { type CheckVerdict, statusAfterCheck } from './status-after-check.ts';

type Row = readonly [status: ConnectionStatus, good: string, refused: string, unhealthy: string, unknown: string];

const ofStatic: readonly Row[] = [
  ['initializing', '-', '-', '-', '-'],
  ['active', '-', 'token_invalid refused', 'error unhealthy', '-'],
  ['error', 'active', 'token_invalid refused', '-', '-'],
  ['token_invalid', 'active', '-', 'error unhealthy', '-'],
  ['token_expired', '-', '-', '-', '-'],
  ['disconnected', '-', '-', '-', '-'],
];
const ofGrants: readonly Row[] = [
  ['initializing', '-', '-', '-', '-'],
  ['active', '-', '-', 'error unhealthy', '-'],
  ['error', 'active', '-', '-', '-'],
  ['token_invalid', '-', '-', '-', '-'],
  ['token_expired', '-', '-', '-', '-'],
  ['disconnected', '-', '-', '-', '-'],
];

const verdicts: readonly CheckVerdict[] = ['good', 'refused', 'unhealthy', 'unknown'];

const cases = [
  ...ofStatic.map(([status, ...cells]) => ({ isGrant: false, status, cells })),
  ...ofGrants.map(([status, ...cells]) => ({ isGrant: true, status, cells })),
];

it.each(cases)('a look moves the status $status (a grant of OAuth: $isGrant) as the table says', ({ isGrant, status, cells }) => {
  const moved = verdicts.map((verdict) => statusAfterCheck({ status, verdict, isGrant }));
  expect(moved.map((next) => (next === null ? '-' : [next.status, next.reason].filter((word) => word !== null).join(' ')))).toEqual(cells);
});
