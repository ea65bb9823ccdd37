/** Whose rows a call works on: those of the tenants that it names, or `everyone`'s, where a worker looks for what is to be done. */
export type Scope = readonly string[] | 'everyone';

/** Says a scope when it is needed: where nothing guards the rows, nobody asks. */
export type ScopeOf = () => Scope;

/** For a worker's looks over all tenants. */
export const everyone: ScopeOf = () => 'everyone';

/** For what belongs to no tenant. */
export const nobody: ScopeOf = () => [];

/** For what belongs to these tenants, or to the hub where a name is the hub's scope. */
export const tenants =
  (...names: readonly string[]): ScopeOf =>
  () =>
    names;

/** For items that carry their tenant. */
export const tenantsOf =
  (items: readonly { readonly tenant: string }[], ...also: readonly string[]): ScopeOf =>
  () => [...also, ...items.map(({ tenant }) => tenant)];
