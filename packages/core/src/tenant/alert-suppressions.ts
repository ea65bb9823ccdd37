import { hubScope } from '../contracts/configuration-store.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { isPlainObject } from '../expression/read-member.ts';
import { isUuid } from '../id/is-uuid.ts';
import { suppressionStates } from '../notifications/alert-names.ts';
import { readSuppressions, type Suppression, type SuppressionMatch, writeSuppression } from '../notifications/suppression.ts';
import { isName, isReference } from './check-text.ts';
import { connectionRow } from './connection-row.ts';
import { notFound } from './not-found.ts';
import { recordAct } from './record-act.ts';
import type { TenantScope } from './tenant-services.ts';

/** A time in which nobody is to be told of some alerts. They are still opened and kept, and what is open at its end is told then. */
export interface SuppressionInput {
  /** Milliseconds since 1970. @default now */
  readonly from?: number;
  /** At most 366 days from now. */
  readonly until: number;
  /** Alerts for which every named field fits; `connection` may be a name or an id. @default all */
  readonly match?: SuppressionMatch;
  /** 1 to 200 characters. */
  readonly reason: string;
}

const longestMs = 366 * 86_400_000;

const fields: readonly string[] = ['rule', 'severity', 'connector', 'connection', 'automation', 'endpoint', 'tenant'];

/** Begins a suppression; recorded. Throws `invalid_argument`, and `not_found` for a connection that is not there. */
export async function suppressAlerts(scope: TenantScope, input: SuppressionInput): Promise<Suppression> {
  await scope.ready();
  const now = scope.clock.now();
  const { from = Math.floor(now), until, reason } = input;
  const isTime = [from, until].every((time) => Number.isInteger(time) && time >= 0);
  if (!isTime || until <= now || until <= from || until > now + longestMs)
    throw invalid('A suppression is from a time until a later one, at most 366 days from now, in whole milliseconds since 1970.');
  if (!isName(reason)) throw invalid('A suppression has a reason of 1 to 200 characters without control characters.');
  const suppression = { id: scope.generateId(), from, until, match: await matchOf(scope, input.match ?? {}), reason };
  await recordAct(scope, {
    action: 'alert.suppress',
    object: { type: 'alert_suppression', id: suppression.id },
    details: { from, until, reason },
  });
  const name = `${suppressionStates}${suppression.id}`;
  await scope.storage.states.write([{ tenant: scope.tenant, name, expect: 'absent', value: writeSuppression(suppression) }]);
  return suppression;
}

/** Those that are not over, the first to end first. What is over goes. */
export async function listSuppressions(scope: TenantScope): Promise<readonly Suppression[]> {
  await scope.ready();
  const { tenant, storage, clock } = scope;
  const all = await readSuppressions(storage.states, tenant);
  const isLive = ({ until }: Suppression): boolean => until > clock.now();
  const over = all.filter((each) => !isLive(each)).slice(0, 200);
  if (over.length > 0)
    await storage.states.write(over.map(({ id }) => ({ tenant, name: `${suppressionStates}${id}`, expect: 'any' as const, value: null })));
  return all.filter(isLive).toSorted((left, right) => left.until - right.until);
}

/** Ends a suppression before its time; recorded. What it held back is told within a minute. Throws `not_found`. */
export async function endSuppression(scope: TenantScope, id: string): Promise<void> {
  await scope.ready();
  const { tenant, storage } = scope;
  const name = `${suppressionStates}${id}`;
  const entry = isUuid(id) ? await storage.states.read(tenant, name) : null;
  if (!entry) throw notFound('suppression');
  await recordAct(scope, { action: 'alert.end_suppression', object: { type: 'alert_suppression', id } });
  await storage.states.write([{ tenant, name, expect: 'any', value: null }]);
}

async function matchOf(scope: TenantScope, match: SuppressionMatch): Promise<SuppressionMatch> {
  if (!isPlainObject(match)) throw invalid(`The match of a suppression is an object of: ${fields.join(', ')}.`);
  const extra = Object.keys(match).find((name) => !fields.includes(name));
  if (extra !== undefined) throw invalid(`The match of a suppression has no ${extra.slice(0, 100)}. It has: ${fields.join(', ')}.`);
  const given = Object.entries(match).filter(([, value]) => value !== undefined);
  if (!given.every(([, value]) => isReference(value))) throw invalid('What a suppression matches is text without control characters.');
  const { connection, ...rest }: SuppressionMatch = Object.fromEntries(given);
  if (connection === undefined || scope.tenant === hubScope) return { ...rest, ...(connection === undefined ? {} : { connection }) };
  return { ...rest, connection: (await connectionRow(scope, connection)).id };
}

function invalid(message: string): PatchbayError {
  return new PatchbayError({ code: 'invalid_argument', message });
}
