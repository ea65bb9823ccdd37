import { type CompiledAutomation, compileAutomation } from '../automation/compile-automation.ts';
import { readDefinition } from '../automation/read-definition.ts';
import type { ConfigurationStore } from '../contracts/configuration-store.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { CompiledConfigurations, VersionPlace } from './compiled-configurations.ts';

/** The row name of one version of an automation. */
export function versionRowName(automation: string, version: number): string {
  return `${automation}/${version}`;
}

/**
 * One version of an automation, whatever has been put since. Throws `internal` where it is not stored any more, and `automation_invalid`
 * where this version of the hub cannot read it.
 */
export function versionOf(
  options: { readonly store: Pick<ConfigurationStore, 'find'>; readonly compiled: CompiledConfigurations },
  place: VersionPlace & { readonly name: string },
): Promise<CompiledAutomation> {
  const { tenant, automation, version, name } = place;
  return options.compiled.version(place, async () => {
    const row = await options.store.find(tenant, 'automation_version', versionRowName(automation, version));
    if (row) return compileAutomation({ id: automation, name, version, definition: readDefinition(row.value.definition) });
    throw new PatchbayError({
      code: 'internal',
      message: `Version ${version} of the automation ${name} is not stored any more, so what followed from it cannot be told.`,
    });
  });
}
