import type { Json } from '../json/json.ts';
import type { ErrorCode } from './error-code.ts';

/** Did the request reach the wire? `no`: nothing can have happened at the provider. `maybe`: nobody can tell. */
export type Sent = 'no' | 'maybe';

/** What {@link PatchbayError} is made from. `details` is shown to people: no secret, token or body belongs in it. */
export interface PatchbayErrorInput {
  readonly code: ErrorCode;
  /** What happened, then what to do. */
  readonly message: string;
  /** True when the same call may succeed later. @default false */
  readonly retryable?: boolean;
  readonly cause?: unknown;
  readonly details?: Readonly<Record<string, Json>>;
  /** Only on errors of outgoing requests. */
  readonly sent?: Sent;
  /** Milliseconds that the provider asks to wait before the next try. */
  readonly retryAfterMs?: number;
}

const brand = Symbol.for('patchbay.error');

/** The one error class of the hub. Recognise it with {@link isPatchbayError}, which holds across two installed copies. */
export class PatchbayError extends Error {
  override readonly name: string = 'PatchbayError';
  readonly code: ErrorCode;
  readonly retryable: boolean;
  readonly details: Readonly<Record<string, Json>>;
  readonly sent: Sent | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(input: PatchbayErrorInput) {
    super(input.message, input.cause === undefined ? undefined : { cause: input.cause });
    this.code = input.code;
    this.retryable = input.retryable ?? false;
    this.details = input.details ?? {};
    this.sent = input.sent;
    this.retryAfterMs = input.retryAfterMs;
    Object.defineProperty(this, brand, { value: true });
  }

  /** A form for logs and answers: code, message, retryable and details, never the cause or the stack. */
  toJSON(): { code: ErrorCode; message: string; retryable: boolean; details: Readonly<Record<string, Json>> } {
    return { code: this.code, message: this.message, retryable: this.retryable, details: this.details };
  }
}

/** True for an error of the hub, also one made by another installed copy of the package. */
export function isPatchbayError(value: unknown): value is PatchbayError {
  try {
    return typeof value === 'object' && value !== null && brand in value;
  } catch {
    // A proxy of somebody else's may throw at every look.
    return false;
  }
}
