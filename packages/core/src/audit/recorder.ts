import type { AuditActor, AuditEntry, AuditOutcome } from '../contracts/audit-store.ts';
import type { GenerateId } from '../id/generate-id.ts';
import type { Json } from '../json/json.ts';

/** Who acts, and where ids come from. */
export interface Recorder {
  readonly actor: AuditActor;
  readonly generateId: GenerateId;
  /** Said in every record, such as an operator's reason. @default nothing */
  readonly remarks?: Readonly<Record<string, Json>>;
}

/** An act as who does it says it. */
export interface Act {
  readonly action: string;
  readonly object: { readonly type: string; readonly id: string };
  /** @default null */
  readonly connection?: string | null;
  /** @default 'succeeded' */
  readonly outcome?: AuditOutcome;
  /** Names, numbers and words: no secret, no payload, no value of the configuration. @default {} */
  readonly details?: Readonly<Record<string, Json>>;
  /** @default null */
  readonly correlation?: string | null;
}

/** The record of an act. */
export function toEntry(act: Act, { actor, generateId, remarks = {} }: Recorder): AuditEntry {
  const { action, object, connection = null, outcome = 'succeeded', details = {}, correlation = null } = act;
  const said = JSON.stringify({ ...remarks, ...details });
  return { id: generateId(), actor, action, object, connection, outcome, details: said, correlation };
}
