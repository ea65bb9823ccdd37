import { isPatchbayError } from './patchbay-error.ts';

/** An error as it is stored and shown: code, message and the few facts that help. Holds no secret, stack or body. */
export interface ErrorRecord {
  readonly code: string;
  readonly message: string;
  /** HTTP status of the provider's answer, where there was one. */
  readonly status?: number;
  /** The provider's own code, where it gave one. */
  readonly providerCode?: string;
  /** The provider's own id of the request, where it gave one. */
  readonly providerRequestId?: string;
}

/** Longest message kept, in characters. */
const maximumMessage = 500;

/** Longest code kept, in characters. Another's code may throw what looks like ours. */
const maximumCode = 100;

/** Longest code of a provider kept, in characters. */
const maximumProviderCode = 200;

/** Longest id of a request kept, in characters. */
const maximumRequestId = 200;

/** Reduces anything thrown to what may be stored. A foreign error keeps its name only: its message could carry a secret. */
export function toErrorRecord(error: unknown): ErrorRecord {
  try {
    return recordOf(error);
  } catch {
    // What code of others throws may throw when it is looked at.
    return foreignRecord('an error');
  }
}

function foreignRecord(kind: string): ErrorRecord {
  return { code: 'internal', message: `Code outside the hub threw ${kind}; its message is withheld because it could hold a secret.` };
}

function recordOf(error: unknown): ErrorRecord {
  if (!isPatchbayError(error)) return foreignRecord(error instanceof Error ? plainName(error.name) : typeof error);
  // Another installed copy may be of another version, and not have everything.
  const { status, providerCode, providerRequestId } = error.details ?? {};
  return {
    code: cut(String(error.code), maximumCode),
    message: cut(String(error.message), maximumMessage),
    ...(typeof status === 'number' ? { status } : {}),
    ...(typeof providerCode === 'string' ? { providerCode: cut(providerCode, maximumProviderCode) } : {}),
    ...(typeof providerRequestId === 'string' ? { providerRequestId: cut(providerRequestId, maximumRequestId) } : {}),
  };
}

/** A name that a class could have; whoever sets it to something else could put anything there. */
function plainName(name: unknown): string {
  return typeof name === 'string' && /^[\w$]{1,100}$/.test(name) ? name : 'an error';
}

/** The first characters, without half a pair of surrogates at the end and without NUL, which a store could not hold. */
function cut(text: string, length: number): string {
  return text.slice(0, length).toWellFormed().replaceAll('\u0000', '\ufffd');
}
