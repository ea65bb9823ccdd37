import type { ErrorCode } from './error-code.ts';

export type { ErrorCode } from './error-code.ts';

/**
 * What kind of trouble an error is, for whoever counts, alerts or decides. `auth`: the credential; `permission`: what it, the plan or the connection
 * may do; `rate`: too much at once; `provider_down`: the service fails or is away; `unknown`: the hub's own trouble, a call that was taken back, and code of others.
 */
export type ErrorClass =
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

/** What kind of trouble an error is, and whether the same call may succeed later. */
export interface ErrorClassification {
  readonly class: ErrorClass;
  readonly retryable: boolean;
}

type Row = readonly [kind: ErrorClass, retryable: boolean];

/** The class of each code, and whether an error of it may pass where the error does not say so itself. */
export const classOfCode: Readonly<Record<ErrorCode, Row>> = {
  invalid_argument: ['invalid', false],
  invalid_input: ['invalid', false],
  invalid_output: ['invalid', false],
  invalid_event: ['invalid', false],
  condition_invalid: ['invalid', false],
  expression_invalid: ['invalid', false],
  template_invalid: ['invalid', false],
  automation_invalid: ['invalid', false],
  mapping_invalid: ['invalid', false],
  connector_invalid: ['invalid', false],
  connector_incompatible: ['invalid', false],
  not_found: ['not_found', false],
  conflict: ['conflict', false],
  migration_refused: ['conflict', false],
  unknown_action: ['not_found', false],
  unknown_trigger: ['not_found', false],
  unknown_connector: ['not_found', false],
  tenant_missing: ['invalid', false],
  credential_missing: ['auth', false],
  scope_missing: ['permission', false],
  resource_refused: ['permission', false],
  configuration_invalid: ['invalid', false],
  turned_off: ['permission', false],
  connection_paused: ['permission', false],
  plan_limit: ['permission', false],
  signature_refused: ['auth', false],
  egress_refused: ['permission', false],
  connect_failed: ['auth', false],
  mapping_failed: ['invalid', false],
  expression_failed: ['invalid', false],
  fuel_exhausted: ['invalid', false],
  script_failed: ['invalid', false],
  vault_sealed: ['unknown', true],
  vault_key_missing: ['unknown', false],
  vault_key_destroyed: ['unknown', false],
  authentication_failed: ['auth', false],
  permission_denied: ['permission', false],
  provider_not_found: ['not_found', false],
  provider_conflict: ['conflict', false],
  provider_rejected: ['invalid', false],
  rate_limited: ['rate', true],
  provider_unavailable: ['provider_down', true],
  provider_error: ['provider_down', true],
  network: ['network', true],
  timeout: ['timeout', true],
  aborted: ['unknown', true],
  response_too_large: ['invalid', false],
  response_invalid: ['unknown', false],
  lease_lost: ['unknown', true],
  crashed: ['unknown', true],
  crash_limit: ['unknown', false],
  attempts_exhausted: ['unknown', false],
  outcome_unknown: ['unknown', false],
  connection_moved: ['conflict', false],
  handler_missing: ['unknown', true],
  cancelled: ['unknown', false],
  body_consumed: ['invalid', false],
  body_too_large: ['invalid', false],
  body_invalid: ['invalid', false],
  overloaded: ['rate', true],
  not_ready: ['unknown', true],
  stopped: ['unknown', false],
  storage_unavailable: ['unknown', true],
  unsupported: ['invalid', false],
  internal: ['unknown', false],
};

const classes: ReadonlySet<unknown> = new Set(Object.values(classOfCode).map(([kind]) => kind));

/** True for the name of a class, as something stored may hold it. */
export function isErrorClass(value: unknown): value is ErrorClass {
  return classes.has(value);
}

const foreign: ErrorClassification = { class: 'unknown', retryable: false };

/** The class of anything thrown, of an error as it is stored, or of a code alone. What is none of these is `unknown`. Never throws. */
export function errorClass(error: unknown): ErrorClass {
  return classifyError(error).class;
}

/** The same with whether the call may succeed later: by the error's own word, else by its code. */
export function classifyError(error: unknown): ErrorClassification {
  try {
    const { code, retryable, status } = factsOf(error);
    if (typeof code !== 'string' || !isErrorCode(code)) return foreign;
    const [kind, usual] = classOfCode[code];
    // 408 and 504: the service, or what stands before it, says that somebody waited for too long.
    const isWait = kind === 'provider_down' && (status === 408 || status === 504);
    return { class: isWait ? 'timeout' : kind, retryable: typeof retryable === 'boolean' ? retryable : usual };
  } catch {
    // Code of others may throw what throws when it is looked at.
    return foreign;
  }
}

interface Facts {
  readonly code?: unknown;
  readonly retryable?: unknown;
  readonly status?: unknown;
}

function factsOf(error: unknown): Facts {
  if (typeof error === 'string') return { code: error };
  if (typeof error !== 'object' || error === null) return {};
  const { code, retryable, status, details } = error as Facts & { readonly details?: Facts };
  return { code, retryable, status: status ?? details?.status };
}

/** True for a code of the closed union. */
export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(classOfCode, code);
}
