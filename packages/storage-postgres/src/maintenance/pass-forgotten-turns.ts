import type { Database, Statement } from '../database/database.ts';
import { keyName, underKeys } from '../ledger/ordering-keys.ts';
import { isOpenTurn } from '../ledger/pass-turns.ts';

/** Keys that are passed on in one transaction. */
const mostAtOnce = 100;

const forgotten: Statement = {
  name: 'forgotten_turns',
  text: (schema) => `
select t.tenant, t.target, t.key as ordering_key from ${schema}.ordering_turns t
where not (${isOpenTurn(schema)}) order by t.tenant, t.target, t.key limit ${mostAtOnce}`,
};

/**
 * Hands on ordering keys whose turn has nothing open although nobody has ended it: the dead dispatch that blocked is gone with its partition,
 * or a package ended it that knows no ordering keys.
 */
export async function passForgottenTurns(database: Database): Promise<void> {
  for (;;) {
    const names = (await database.query(forgotten, [])).map(keyName);
    await underKeys(database, names, async () => undefined);
    if (names.length < mostAtOnce) return;
  }
}
