import { PatchbayError } from '@patchbay/core';
import type { Database, Statement } from '../database/database.ts';
import { flag } from '../row.ts';
import { plainName } from '../schema/migration-log.ts';
import { malformed, storageError } from '../storage-error.ts';
import { doorFaults } from './door-faults.ts';
import { roleFaults } from './role-faults.ts';
import { tableFaults } from './table-faults.ts';
import { trialFaults } from './trial.ts';

const modes = ['off', 'prepared', 'required'] as const;

/** How a storage stands to row-level security. */
export type RowLevelSecurity = (typeof modes)[number];

/** Throws `invalid_argument`. */
export function checkRowLevelSecurity(mode: RowLevelSecurity): RowLevelSecurity {
  if (modes.includes(mode)) return mode;
  throw malformed(`The option rowLevelSecurity is one of ${modes.join(', ')}. Correct it.`);
}

/** Command that enables row-level security, for messages. */
const enableCommand = (schema: string): string => {
  const name = plainName(schema);
  return `npx patchbay-postgres enable-row-security${name === 'patchbay' ? '' : ` --schema ${name}`}`;
};

const isWalledIn: Statement = {
  name: 'is_walled_in',
  text: (schema) => `select pg_catalog.row_security_active('${schema}.dispatches') as walled`,
};

/** What lets a role past the wall, in words that say what to do; empty where it holds for this role. */
export const wallFaults = (database: Database): Promise<readonly string[]> =>
  database.transaction(async (client) => {
    const faults = [
      ...(await roleFaults(database, client)),
      ...(await tableFaults(database, client, enableCommand(database.schema))),
      ...(await doorFaults(database, client)),
    ];
    if (faults.length > 0) return faults;
    try {
      return await trialFaults(database, client);
    } catch (error) {
      throw storageError(error);
    }
  });

/** Rejects with `not_ready` where the wall is not as the storage was told: it stands in the way, or it does not hold. */
export async function checkWall(database: Database, mode: RowLevelSecurity): Promise<void> {
  if (mode === 'prepared') return;
  if (mode === 'off') {
    const [row] = await database.query(isWalledIn, []);
    if (row === undefined || !flag(row, 'walled')) return;
    const message =
      'Row-level security is enabled on the tables and binds this role, so that it would see nothing. Set the option rowLevelSecurity to "required".';
    throw new PatchbayError({ code: 'not_ready', message });
  }
  const faults = await wallFaults(database);
  if (faults.length === 0) return;
  const message = `Row-level security does not hold for this role. ${faults.map((fault, index) => `${index + 1}: ${fault}`).join('. ')}.`;
  throw new PatchbayError({ code: 'not_ready', message, details: { faults } });
}
