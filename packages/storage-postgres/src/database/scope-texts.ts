import type { Scope } from './scope.ts';

/** Settings that the policies read, in the transaction of the call alone. */
export const scopeSettings = { tenants: 'patchbay.tenants', scope: 'patchbay.scope' } as const;

/** The value of the setting `patchbay.scope` for which a policy lets every row pass. */
export const workerScope = 'worker';

const { tenants, scope: worker } = scopeSettings;

/** What a host may have set in its own transaction is kept under these names meanwhile. */
const kept = { tenants: 'patchbay.kept_tenants', scope: 'patchbay.kept_scope' } as const;

// In hexadecimal digits there is nothing to escape, whatever a tenant is called and however the server reads strings.
const literal = (value: string): string =>
  `pg_catalog.convert_from(pg_catalog.decode('${Buffer.from(value).toString('hex')}', 'hex'), 'UTF8')`;

const set = (name: string, value: string): string => `pg_catalog.set_config('${name}', ${value}, true)`;

const current = (name: string): string => `coalesce(pg_catalog.current_setting('${name}', true), '')`;

/** As the server has them: no text of its holds a NUL, and half a character becomes the one that stands for what is none. */
const namesOf = (scope: readonly string[]): readonly string[] =>
  [...new Set(scope.filter((name) => !name.includes('\u0000')).map((name) => name.toWellFormed()))].sort();

/** Statement that sets a scope until the transaction ends. */
export const enterText = (scope: Scope): string =>
  scope === 'everyone'
    ? `select ${set(worker, `'${workerScope}'`)}, ${set(tenants, "''")}`
    : `select ${set(worker, "''")}, ${set(tenants, literal(JSON.stringify(namesOf(scope))))}`;

/** The same in a transaction that goes on afterwards: what was set before is kept. */
export const visitText = (scope: Scope): string =>
  `select ${set(kept.tenants, current(tenants))}, ${set(kept.scope, current(worker))}; ${enterText(scope)}`;

/** Sets what was kept. */
export const leaveText = `select ${set(tenants, current(kept.tenants))}, ${set(worker, current(kept.scope))}`;
