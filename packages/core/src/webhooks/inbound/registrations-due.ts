import { withDueAt } from '../../connections/due-at.ts';
import type { Change, Row } from '../../contracts/configuration-store.ts';

/** The time at which webhooks of a connection are looked after, and what else counts for when the hub looks at it. */
export interface RegistrationsDue {
  readonly dueAt: number;
  /** Days before the end of a credential at which somebody is reminded. */
  readonly remindDays: readonly number[];
}

/** The change by which a connection is looked at no later than at a time; none where it is looked at by then anyway. */
export function dueNoLater(row: Row<'connection'>, { dueAt, remindDays }: RegistrationsDue): readonly Change[] {
  if ((row.value.registrationsDueAt ?? Number.POSITIVE_INFINITY) <= dueAt) return [];
  return [putDue(row, { dueAt, remindDays })];
}

/** The change by which the webhooks of a connection are looked at at a time, or, with `null`, not any more. */
export function putDue(
  row: Row<'connection'>,
  { dueAt, remindDays }: Omit<RegistrationsDue, 'dueAt'> & { readonly dueAt: number | null },
): Change {
  const { registrationsDueAt: _, ...record } = row.value;
  const value = withDueAt(dueAt === null ? record : { ...record, registrationsDueAt: dueAt }, remindDays);
  return { put: 'connection', id: row.id, name: row.name, expect: row.version, value };
}
