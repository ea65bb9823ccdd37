import { toErrorRecord } from './error-record.ts';

/** What a log line says of something thrown: its code and what it says; of a foreign error, whose message could hold a secret, the kind. */
export function failureOf(error: unknown): { readonly code: string; readonly reason: string } {
  const { code, message } = toErrorRecord(error);
  return { code, reason: message };
}
