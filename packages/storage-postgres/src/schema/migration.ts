import { createHash } from 'node:crypto';

/** One step of the tables. Once released it is never changed: what changes the tables is a migration of its own. */
export interface Migration {
  /** Counts from 1 without gaps. */
  readonly version: number;
  readonly name: string;
  /**
   * Version of the oldest package that goes on working when this migration has been installed, counted as the newest migration it knows.
   * Smaller than `version` where a migration only adds.
   */
  readonly compatibleFrom: number;
  /** Its statements in order; `schema` is quoted. */
  readonly statements: (schema: string) => readonly string[];
}

/** Digest of the statements, the same for every name of the schema. */
export const checksumOf = (migration: Migration): string =>
  createHash('sha256').update(migration.statements('"patchbay"').join(';\n')).digest('hex').slice(0, 32);
