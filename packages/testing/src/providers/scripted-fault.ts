import type { Json } from '@patchbay/core';

interface Matching {
  /** Only requests whose `METHOD /path` matches meet the fault; others pass and do not use it up. @default every request */
  readonly match?: RegExp;
}

/** An answer of the script's own, `{ status: 500 }`. */
export interface AnswerFault extends Matching {
  readonly kind: 'answer';
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Json;
  /** The request takes effect all the same. @default false */
  readonly effect?: boolean;
}

/** Too many requests. */
export interface RateLimitFault extends Matching {
  readonly kind: 'rate_limit';
  /** @default 429 */
  readonly status?: number;
  /** Seconds, or the moment as an HTTP date; left out, the answer names no time. */
  readonly retryAfter?: number | Date;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The connection ends without an answer: before the body was read, after it, or after the request has taken effect. */
export interface ResetFault extends Matching {
  readonly kind: 'reset';
  readonly when: 'before_reading' | 'after_reading' | 'after_effect';
}

/** No answer, ever. The request takes effect where `effect` says so. */
export interface HangFault extends Matching {
  readonly kind: 'hang';
  /** @default false */
  readonly effect?: boolean;
}

/** The answer comes when the caller has gone. The effect happens at once, or only then. */
export interface LateAnswerFault extends Matching {
  readonly kind: 'late_answer';
  readonly effect: 'at_once' | 'after_the_client_left';
}

/** A true answer, one byte at a time, of 2,000 bytes at least. */
export interface SlowBodyFault extends Matching {
  readonly kind: 'slow_body';
  /** Milliseconds between two bytes. */
  readonly pauseMs: number;
}

/** A body of spaces of this many bytes, with status 200. */
export interface HugeBodyFault extends Matching {
  readonly kind: 'huge_body';
  readonly bytes: number;
}

/** An answer that repeats the request's credential. */
export interface EchoCredentialFault extends Matching {
  readonly kind: 'echo_credential';
  /** What is repeated. @default the header authorization */
  readonly credential?: string;
  /** Of an error. @default 400 */
  readonly status?: number;
  /** Names of headers that repeat it too, where it can stand in one. @default none */
  readonly headers?: readonly string[];
  /** The true answer, after its effect, with the credential in a further field. @default false: an error whose body says it */
  readonly inAnswer?: boolean;
}

/** Status 200 with a body that is not JSON. The request takes effect. */
export interface MalformedFault extends Matching {
  readonly kind: 'malformed';
}

/** What a stand-in does wrong when the script says so. */
export type ScriptedFault =
  | AnswerFault
  | RateLimitFault
  | ResetFault
  | HangFault
  | LateAnswerFault
  | SlowBodyFault
  | HugeBodyFault
  | EchoCredentialFault
  | MalformedFault;
