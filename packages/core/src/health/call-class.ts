import type { ErrorCode } from '../errors/error-code.ts';

/** How a call of a service ended, as the health of its connection counts it. */
export type CallClass =
  | 'succeeded'
  | 'auth'
  | 'permission'
  | 'not_found'
  | 'conflict'
  | 'invalid'
  | 'rate'
  | 'provider_down'
  | 'network'
  | 'timeout'
  | 'unknown';

/** All of them, in the order in which counts are stored: a new one goes to the end. */
export const callClasses: readonly CallClass[] = [
  'succeeded',
  'auth',
  'permission',
  'not_found',
  'conflict',
  'invalid',
  'rate',
  'provider_down',
  'network',
  'timeout',
  'unknown',
];

/** The place of each class in what is stored. */
export const placeOfClass: ReadonlyMap<CallClass, number> = new Map(callClasses.map((name, place) => [name, place]));

const byCode: ReadonlyMap<ErrorCode, CallClass> = new Map<ErrorCode, CallClass>([
  ['authentication_failed', 'auth'],
  ['credential_missing', 'auth'],
  ['permission_denied', 'permission'],
  ['scope_missing', 'permission'],
  ['provider_not_found', 'not_found'],
  ['provider_conflict', 'conflict'],
  ['provider_rejected', 'invalid'],
  ['rate_limited', 'rate'],
  ['provider_unavailable', 'provider_down'],
  ['provider_error', 'provider_down'],
  ['network', 'network'],
  ['timeout', 'timeout'],
]);

/** The class of an error of a call; what is in no other is `unknown`. */
export const callClassOf = (code: ErrorCode): CallClass => byCode.get(code) ?? 'unknown';
