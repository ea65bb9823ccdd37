import { createHash } from 'node:crypto';
import type { ErrorRecord } from '../errors/error-record.ts';
import { isJsonObject } from '../json/is-json-object.ts';
import type { Json } from '../json/json.ts';
import { plainMessage } from './plain-message.ts';

/** Where an error came up. */
export interface ErrorPlace {
  readonly tenant: string;
  /** `null`: none is to blame, such as a subscriber of the host's. */
  readonly connector: string | null;
  readonly source: ErrorTraits['source'];
  /** What was done: an action's name, a handler, `webhook`. Of few values. */
  readonly operation: string;
  /** Path with `{}` for each value; `null` where it is not known. */
  readonly template: string | null;
  readonly error: ErrorRecord;
  /** By which one of them can be looked at. */
  readonly example: ErrorExample;
}

/** One error of a group. */
export interface ErrorExample {
  readonly dispatchId: string | null;
  readonly runId: string | null;
  readonly connection: string | null;
}

/** What the errors of a group have in common. */
export interface ErrorTraits {
  readonly connector: string | null;
  readonly source: 'dispatch' | 'request' | 'webhook';
  readonly operation: string;
  readonly template: string | null;
  readonly code: string;
  readonly providerCode: string | null;
  readonly status: number | null;
  /** Without names, ids and numbers. `null`: errors of too many kinds came up, and this group holds those of one code. */
  readonly message: string | null;
}

/** A group as it is stored. Times are milliseconds since 1970. */
export interface StoredGroup extends ErrorTraits {
  readonly firstSeen: number;
  readonly lastSeen: number;
  readonly example: ErrorExample;
}

/** How names of counts and states begin. */
export const groupPrefix = 'error:';

/** What an error has in common with others like it. `isCoarse` leaves out what its wording says. */
export function traitsOf({ connector, source, operation, template, error }: ErrorPlace, isCoarse: boolean): ErrorTraits {
  const { code, providerCode, status = null, message } = error;
  const own = isCoarse || providerCode === undefined ? null : plainMessage(providerCode).slice(0, 100);
  return { connector, source, operation, template, code, providerCode: own, status, message: isCoarse ? null : plainMessage(message) };
}

/** The same for the same traits, in every process and version: 32 hexadecimal digits. */
export function fingerprintOf({ connector, source, operation, template, code, providerCode, status, message }: ErrorTraits): string {
  const parts = [connector, source, operation, template, code, providerCode, status, message];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}

/** The group that a state holds; `null` for what is none. */
export function readGroup(value: Json): StoredGroup | null {
  if (!isJsonObject(value) || typeof value['firstSeen'] !== 'number' || typeof value['lastSeen'] !== 'number') return null;
  const text = (name: string, of: Json = value): string | null => (isJsonObject(of) && typeof of[name] === 'string' ? of[name] : null);
  const { source, status, example = null } = value;
  return {
    connector: text('connector'),
    source: source === 'request' || source === 'webhook' ? source : 'dispatch',
    operation: text('operation') ?? '',
    template: text('template'),
    code: text('code') ?? 'internal',
    providerCode: text('providerCode'),
    status: typeof status === 'number' ? status : null,
    message: text('message'),
    firstSeen: value['firstSeen'],
    lastSeen: value['lastSeen'],
    example: { dispatchId: text('dispatchId', example), runId: text('runId', example), connection: text('connection', example) },
  };
}
