import satisfies from 'semver/functions/satisfies.js';
import type { TenantConfiguration } from '../configuration/tenant-configuration.ts';
import { findConnection } from '../routing/find-connection.ts';
import type { AutomationTemplate } from '../templates/automation-template.ts';
import { checkParameters } from '../templates/check-parameters.ts';
import type { ParameterValues } from '../templates/fill-expression.ts';
import type { TenantScope } from './tenant-services.ts';

/** One thing that a template needs and that is not there. */
export interface MissingForTemplate {
  readonly kind: 'connector' | 'connection' | 'parameter' | 'record';
  readonly name: string;
  readonly reason: string;
}

/** A template, and what is there for it. */
export interface TemplateUse {
  readonly template: AutomationTemplate;
  readonly configuration: TenantConfiguration;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly connections: Readonly<Record<string, unknown>>;
}

/** All that a template needs and that is not there, and the values of its parameters. */
export function missingForTemplate(
  scope: Pick<TenantScope, 'registry' | 'records'>,
  use: TemplateUse,
): { readonly missing: readonly MissingForTemplate[]; readonly values: ParameterValues } {
  const { template, parameters } = use;
  const { values, faults } = checkParameters(template.parameters ?? {}, parameters);
  const missing = [
    ...missingConnectors(scope, template),
    ...missingConnections(use),
    ...faults.map(({ name, reason }) => ({ kind: 'parameter' as const, name, reason })),
    ...(template.records ?? [])
      .filter((name) => scope.records?.types.has(name) !== true)
      .map((name) => ({ kind: 'record' as const, name, reason: 'the host has no records of this type' })),
  ];
  return { missing, values };
}

function missingConnectors(
  { registry }: Pick<TenantScope, 'registry'>,
  { connectors = {} }: AutomationTemplate,
): readonly MissingForTemplate[] {
  return Object.entries(connectors).flatMap(([name, range]): MissingForTemplate[] => {
    const version = registry.find(name)?.definition.version;
    if (version === undefined) return [{ kind: 'connector', name, reason: `no such connector is registered; ${range} is needed` }];
    if (satisfies(version, range, { includePrerelease: true })) return [];
    return [{ kind: 'connector', name, reason: `version ${version} is registered, and ${range} is needed` }];
  });
}

function missingConnections({ template, configuration, connections }: TemplateUse): readonly MissingForTemplate[] {
  const slots = template.connections ?? {};
  const unknown = Object.keys(connections).filter((name) => !Object.hasOwn(slots, name));
  return [
    ...unknown.map(
      (name): MissingForTemplate => ({ kind: 'connection', name: name.slice(0, 64), reason: 'the template has no such connection' }),
    ),
    ...Object.entries(slots).flatMap(([name, { connector }]): MissingForTemplate[] => {
      const given = Object.hasOwn(connections, name) ? connections[name] : undefined;
      if (typeof given !== 'string') return [{ kind: 'connection', name, reason: `a connection of ${connector} is to be named` }];
      if (findConnection(configuration, connector, given)) return [];
      return [{ kind: 'connection', name, reason: `there is no connection ${given.slice(0, 200)} of ${connector}` }];
    }),
  ];
}
