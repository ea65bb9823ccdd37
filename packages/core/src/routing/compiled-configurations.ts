import type { CompiledAutomation } from '../automation/compile-automation.ts';
import type { TenantConfiguration } from '../configuration/tenant-configuration.ts';
import { compiledEndpoints, type EndpointMemory } from './compiled-endpoints.ts';
import { type CompiledEnrichments, compiledEnrichments } from './compiled-enrichments.ts';
import { type CompiledMappings, compiledMappings, type MappingMemory } from './compiled-mappings.ts';
import { type CompiledTenant, compileTenant } from './compiled-tenant.ts';
import { type CompiledVersions, type TenantRules, tenantRules } from './tenant-rules.ts';

/** All that a tenant's configuration compiles to. */
export type KnownTenant = CompiledTenant & CompiledMappings & CompiledEnrichments;

/** Knows what configurations compile to. */
export interface CompiledConfigurations {
  of(configuration: TenantConfiguration): KnownTenant;
  /** One version of an automation, compiled once however many runs of it are open. */
  version(place: VersionPlace, compile: () => Promise<CompiledAutomation>): Promise<CompiledAutomation>;
}

/** Names one version of an automation. */
export interface VersionPlace {
  readonly tenant: string;
  readonly automation: string;
  readonly version: number;
}

/** Most compiled versions held. What is still used beyond it is compiled again. */
const mostVersions = 20_000;

/** Tenants whose names are kept before those that nobody uses any more are forgotten. */
const mostTenants = 10_000;

/** Compiles a tenant's configuration once per revision; old revisions go with their configuration. */
export function compiledConfigurations(): CompiledConfigurations {
  const known = new WeakMap<TenantConfiguration, KnownTenant>();
  const endpoints: EndpointMemory = new WeakMap();
  const rulesOf = new Map<string, WeakRef<TenantRules>>();
  const mappings: MappingMemory = new WeakMap();
  let versions: CompiledVersions = new Map();
  const bound = (): void => {
    if (versions.size > mostVersions) versions = new Map();
  };
  /** What a tenant's configurations share: it lives as long as one of them. */
  const rules = ({ tenant }: TenantConfiguration): TenantRules => {
    const found = rulesOf.get(tenant)?.deref();
    if (found) return found;
    const made = tenantRules(tenant, () => versions);
    rulesOf.set(tenant, new WeakRef(made));
    if (rulesOf.size > mostTenants) for (const [name, kept] of rulesOf) if (kept.deref() === undefined) rulesOf.delete(name);
    return made;
  };
  return {
    of(configuration) {
      const found = known.get(configuration);
      if (found) return found;
      const compiled = {
        ...compileTenant(configuration, rules(configuration)),
        ...compiledEndpoints(configuration, endpoints),
        ...compiledMappings(configuration, mappings),
        ...compiledEnrichments(configuration),
      };
      known.set(configuration, compiled);
      bound();
      return compiled;
    },
    async version({ tenant, automation, version }, compile) {
      const key = `${tenant}\u0000${automation}@${version}`;
      const found = versions.get(key);
      if (found && !('error' in found)) return found;
      const compiled = await compile();
      versions.set(key, compiled);
      bound();
      return compiled;
    },
  };
}
