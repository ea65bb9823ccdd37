import { isPatchbayError } from './patchbay-error.ts';

/** An error as it is stored and shown: code, message and the few facts that help. Holds no secret, stack or body. */
export interface ErrorRecord {
  readonly code: string;
  readonly message: string;
  /** HTTP status of the provider's answer, where there was one. */
  readonly status?: number;
  /** The provider's own code or request id, where it gave one. */
  readonly providerCode?: string;
}

/** Longest message kept, in characters. */
const maximumMessage = 500;

/** Reduces anything thrown to what may be stored. A foreign error keeps its name only: its message could carry a secret. */
export function toErrorRecord(error: unknown): ErrorRecord {
  if (!isPatchbayError(error)) {
    const kind = error instanceof Error ? error.name : typeof error;
    return { code: 'internal', message: `Code outside the hub threw ${kind}; its message is withheld because it could hold a secret.` };
  }
  const { status, providerCode } = error.details;
  return {
    code: error.code,
    message: error.message.slice(0, maximumMessage),
    ...(typeof status === 'number' ? { status } : {}),
    ...(typeof providerCode === 'string' ? { providerCode } : {}),
  };
}
