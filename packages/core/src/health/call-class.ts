import { type ErrorClass, type ErrorCode, errorClass } from '../errors/error-class.ts';

/** How a call of a service ended, as the health of its connection counts it. */
export type CallClass = 'succeeded' | ErrorClass;

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

/** Errors that say something of the service or of what it grants; the others are the hub's own. */
const ofService: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'authentication_failed',
  'credential_missing',
  'permission_denied',
  'scope_missing',
  'provider_not_found',
  'provider_conflict',
  'provider_rejected',
  'rate_limited',
  'provider_unavailable',
  'provider_error',
  'network',
  'timeout',
]);

/** The class of an error of a call; what is not of the service is `unknown`. */
export const callClassOf = (code: ErrorCode): CallClass => (ofService.has(code) ? errorClass(code) : 'unknown');
