import type { AlertSignalName } from './alert-rule.ts';

/** What is in trouble. */
export interface AlertSubject {
  readonly kind: 'connection' | 'connector' | 'endpoint' | 'subscriber' | 'automation' | 'registration' | 'handler' | 'tenant' | 'rule';
  /** Its id; a name where it has none. */
  readonly id: string;
}

/** One thing that the hub has noticed. It holds ids, names and a code, never a payload. */
export interface AlertSignal {
  readonly tenant: string;
  readonly name: AlertSignalName;
  /** `well`: the opposite has come, or a call has succeeded. */
  readonly says: 'trouble' | 'well';
  readonly subject: AlertSubject;
  readonly connector: string | null;
  readonly connection: string | null;
  /** Id, or the name where only that is known. */
  readonly automation: string | null;
  readonly endpoint: string | null;
  /** Code of the error, or the word for why. */
  readonly code: string | null;
  /** The last dispatch, run or registration, for who looks into it. */
  readonly reference: string | null;
  /** Milliseconds since 1970. */
  readonly at: number;
}
