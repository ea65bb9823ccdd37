import type { TenantConfiguration } from '../configuration/tenant-configuration.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { Json, JsonObject } from '../json/json.ts';
import type { AutomationTemplate } from '../templates/automation-template.ts';
import { renameConnections } from '../templates/connection-slots.ts';
import { fillDefinition } from '../templates/fill-definition.ts';
import { makeTemplate } from '../templates/make-template.ts';
import { readTemplate } from '../templates/read-template.ts';
import { type Automation, automationRow, storedDefinition } from './automation-view.ts';
import { putAutomation } from './change-automation.ts';
import { type MissingForTemplate, missingForTemplate } from './missing-for-template.ts';
import type { TenantScope } from './tenant-services.ts';

/** What a template is filled in with. */
export interface TemplateFilling {
  /** Values of its parameters; those with a default may be left out. @default none */
  readonly parameters?: Readonly<Record<string, Json>>;
  /** Names or ids of the tenant's connections, by the names that the template has for them. @default none */
  readonly connections?: Readonly<Record<string, string>>;
}

/** How an automation is made from a template. */
export interface FromTemplate extends TemplateFilling {
  /** Name of the automation. */
  readonly name: string;
}

/** What a template that is exported says of itself. */
export interface ExportOptions {
  /** Lower-case letters, digits and hyphens. @default of the automation's name */
  readonly name?: string;
  /** Semantic version. @default '1.0.0' */
  readonly version?: string;
  readonly title?: string;
  /** @default the automation's own */
  readonly description?: string;
}

/** What a template needs, and what of it is not there. */
export interface TemplateCheck {
  /** Empty: an automation can be made. */
  readonly missing: readonly MissingForTemplate[];
  /** The definition as it would be put; `null` where something is missing. */
  readonly definition: JsonObject | null;
}

/** Packaged automations that come as data. */
export interface TemplatesApi {
  /** Checks a template that comes as data, from a file or a catalogue. Throws `automation_invalid` naming the place. */
  parse(json: unknown): AutomationTemplate;
  /** What is missing to make an automation from it: connectors, connections, parameters, types of records. Nothing is stored. */
  check(template: AutomationTemplate, filling?: TemplateFilling): Promise<TemplateCheck>;
}

/** The templates part of a tenant's handle. */
export function templatesApi(scope: TenantScope): TemplatesApi {
  return Object.freeze({
    parse: readTemplate,
    check: async (template: AutomationTemplate, filling: TemplateFilling = {}) => checkTemplate(scope, readTemplate(template), filling),
  });
}

/** Makes an automation from a template, or a new version of one. Throws `invalid_argument` naming all that is missing. */
export async function automationFromTemplate(
  scope: TenantScope,
  template: AutomationTemplate,
  { name, ...filling }: FromTemplate,
): Promise<Automation> {
  const { missing, definition } = await checkTemplate(scope, readTemplate(template), filling);
  if (definition !== null) return putAutomation(scope, name, definition);
  throw new PatchbayError({
    code: 'invalid_argument',
    message: `The template ${template.name} cannot be used yet: ${missing.map(({ kind, name: what, reason }) => `${kind} ${what}: ${reason}`).join('; ')}.`,
    details: { missing: missing.map((each) => ({ ...each })) },
  });
}

/** A template of an automation as it is now. Throws `not_found`. */
export async function exportAutomation(scope: TenantScope, reference: string, options: ExportOptions = {}): Promise<AutomationTemplate> {
  const row = await automationRow(scope, reference);
  const definition = storedDefinition(row.value.definition) as unknown as JsonObject;
  const { description: own } = definition;
  const description = options.description ?? (typeof own === 'string' ? own : undefined);
  const made = makeTemplate({
    name: options.name ?? plainName(row.name),
    version: options.version ?? '1.0.0',
    ...(options.title === undefined ? {} : { title: options.title }),
    ...(description === undefined ? {} : { description }),
    definition,
    versions: new Map(scope.registry.list().map((connector) => [connector.id, connector.definition.version])),
  });
  return readTemplate(made);
}

/** A name of letters, digits and hyphens that is like another. */
function plainName(name: string): string {
  const plain = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^[^a-z]+|-+$/g, '')
    .slice(0, 64)
    .replace(/-$/, '');
  return plain === '' ? 'automation' : plain;
}

async function checkTemplate(scope: TenantScope, template: AutomationTemplate, filling: TemplateFilling): Promise<TemplateCheck> {
  await scope.ready();
  const configuration: TenantConfiguration = await scope.cache.read(scope.tenant, { fresh: true });
  const { parameters = {}, connections = {} } = filling;
  const { missing, values } = missingForTemplate(scope, { template, configuration, parameters, connections });
  if (missing.length > 0) return { missing, definition: null };
  const named = renameConnections(template.automation, ({ connection }) => connections[connection] ?? connection);
  return { missing, definition: fillDefinition(named, values) };
}
