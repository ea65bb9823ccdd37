import type { Row } from '../contracts/configuration-store.ts';
import { parseRules, type RegistrationRulesInput } from './registration-rules-input.ts';
import type { TenantScope } from './tenant-services.ts';
import { changedMeanwhile, registrationRow } from './unregister.ts';

/** What of a registration is changed. */
export interface RegistrationChanges {
  /** `null`: its events are taken in as they come. @default they stay */
  readonly rules?: RegistrationRulesInput | null;
}

/** Races that are tried again before they are given up. */
const writeTries = 20;

/** Gives a registration other rules: they hold for every event that is committed afterwards. */
export async function updateRegistration(scope: TenantScope, id: string, { rules }: RegistrationChanges): Promise<Row<'registration'>> {
  const { tenant, configuration, cache } = scope;
  for (let tries = 0; tries < writeTries; tries += 1) {
    const row = await registrationRow(scope, id);
    if (rules === undefined) return row;
    const parsed = rules === null ? undefined : await parseRules(scope, rules);
    const { rules: _, ...rest } = row.value;
    const value = parsed === undefined ? rest : { ...rest, rules: parsed };
    const verdict = await configuration.write(tenant, [{ put: 'registration', id, name: row.name, expect: row.version, value }]);
    cache.forget(tenant);
    if (verdict.status === 'written') return { ...row, version: row.version + 1, value };
  }
  throw changedMeanwhile();
}
