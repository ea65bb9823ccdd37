import { withDueAt } from '../connections/due-at.ts';
import { parseConfinement } from '../connections/parse-confinement.ts';
import { parseSettings } from '../connections/parse-settings.ts';
import type { Connector } from '../connector/connector-definition.ts';
import { majorOf } from '../connector/major-of.ts';
import type { ConnectionRecord } from '../contracts/configuration-records.ts';
import { isPatchbayError } from '../errors/patchbay-error.ts';
import { isJsonObject } from '../json/is-json-object.ts';
import type { MigrationFinding } from './migration-finding.ts';
import type { TenantScope } from './tenant-services.ts';

/** A connection that is to move. */
export interface Move {
  readonly record: ConnectionRecord;
  readonly from: number;
  readonly target: Connector;
}

/** Its record in the other major, as far as that can be had. */
export interface MovedRecord {
  readonly record: ConnectionRecord;
  readonly problems: readonly MigrationFinding[];
}

type Place = Pick<ConnectionRecord, 'settings' | 'confinedTo'>;

/**
 * The record of a connection in another major of its connector. Where it has been there and nothing was changed since, it is as it was; else as that major
 * says, and parsed by it. What its last look showed was of the other major and goes.
 */
export async function movedRecord(
  { clock, connect, generateId }: Pick<TenantScope, 'clock' | 'connect' | 'generateId'>,
  move: Move,
): Promise<MovedRecord> {
  const { record, from, target } = move;
  const to = majorOf(target.definition.version);
  const problems: MigrationFinding[] = [];
  const { settings, confinedTo, lastCheck: _, movedFrom = {}, ...rest } = record;
  const { [to]: _before, ...others } = movedFrom;
  const place = await placeIn(move, to, problems);
  const left = { by: generateId(), settings, ...(confinedTo === undefined ? {} : { confinedTo }) };
  const now = rest.registrationsDueAt === undefined ? {} : { registrationsDueAt: Math.floor(clock.now()) };
  const moved = { ...rest, ...now, ...place, major: to, movedFrom: { ...others, [from]: left } };
  return { record: withDueAt(moved, connect.remindDays), problems };
}

async function placeIn({ record, from, target }: Move, to: number, problems: MigrationFinding[]): Promise<Place> {
  const before = record.movedFrom?.[to];
  const { settings, confinedTo } = before ?? record;
  const migration = before === undefined ? target.definition.migrations?.[from] : undefined;
  const attempt = async <Value>(
    about: 'settings' | 'confinement',
    otherwise: Value,
    work: () => Value | Promise<Value>,
  ): Promise<Value> => {
    try {
      return await work();
    } catch (error) {
      problems.push({ about, name: null, message: reasonOf(target.id, from, error) });
      return otherwise;
    }
  };
  const parsed = await attempt('settings', settings, () => {
    const given: unknown = migration?.settings ? migration.settings(structuredClone(settings)) : settings;
    if (!isJsonObject(given)) throw new Error('no object');
    return parseSettings(target, given);
  });
  if (confinedTo === undefined) return { settings: parsed };
  const kept = await attempt('confinement', confinedTo, () =>
    parseConfinement(target, migration?.confinedTo ? migration.confinedTo(structuredClone(confinedTo)) : confinedTo),
  );
  return { settings: parsed, confinedTo: kept };
}

/** What an author's own function throws may hold anything, so it is not repeated. */
function reasonOf(id: string, from: number, error: unknown): string {
  if (!isPatchbayError(error)) return `The connector ${id} cannot bring over what it was in major ${from}. Report it to its author.`;
  if (error.retryable) throw error;
  return `${error.message} It must hold in both majors, or the connector's author gives a migration from major ${from}.`;
}
