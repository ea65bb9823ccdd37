import { PatchbayError } from '@patchbay/core';
import { storageError } from '../storage-error.ts';
import { migrateCommand, plainName } from './migration-log.ts';

/**
 * Longest wait for a table that a migration changes, milliseconds. Whoever needs the table meanwhile waits behind the migration, so it
 * gives way to a transaction that stays open.
 */
export const longestWaitMs = 5_000;

/** The faults of a migration, each with what to do about it. */
export function migrationError(error: unknown, schema: string): PatchbayError {
  const fault = storageError(error);
  const state = fault.details['sqlstate'];
  if (state === '42501') {
    const message = `The role may not create the tables of this storage. Run "${migrateCommand(schema)}" as a role that may create in this database, or have it run what "npx patchbay-postgres sql" prints.`;
    return new PatchbayError({ code: 'not_ready', message, details: fault.details });
  }
  if (state === '42P07') {
    const message = `The schema ${plainName(schema)} holds tables that no migration on record has made. Name another schema, or move them away; nothing was changed.`;
    return new PatchbayError({ code: 'not_ready', message, details: fault.details });
  }
  if (state === '55P03') {
    const message = `A migration waited ${longestWaitMs} ms for a table that an open transaction holds, and gave way. Migrate again when that has ended; nothing was changed by this one.`;
    return new PatchbayError({ code: 'storage_unavailable', message, retryable: true, details: fault.details });
  }
  return fault;
}
