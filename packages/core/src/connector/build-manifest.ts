import type { ActionDefinition } from './action-definition.ts';
import { type ApiVersion, supportedVersions } from './api-version.ts';
import type { Actions, AnyDefinition, ConnectorDefinition, Triggers } from './connector-definition.ts';
import type { Deprecation } from './deprecation.ts';
import { describeScope } from './describe-scope.ts';
import { describeContent, describeOptionSource } from './describe-sources.ts';
import type { FlagDeclaration, Flags } from './flag-declaration.ts';
import { jsonSchemaOf } from './json-schema-of.ts';
import type { ActionManifest, ApiVersionManifest, ConnectorManifest, FlagManifest, TriggerManifest, WebhookManifest } from './manifest.ts';
import { optionPlace } from './option-place.ts';
import type { Schema } from './schema.ts';
import { schemeName } from './signature/scheme-name.ts';
import type { TriggerDefinition } from './trigger-definition.ts';
import type { WebhookDeclaration } from './webhook-declaration.ts';

/** Hub versions that a connector works with unless it says otherwise: those with this contract. `-0` is the lowest prerelease. */
export const defaultHubRange = '>=0.1.0-0 <1.0.0-0';

/**
 * The manifest of a definition: JSON, in the order of the definition. Actions and triggers are described when they are first read,
 * which throws `connector_invalid` for a schema that cannot be described: a thousand schemas cost a quarter of a second at start-up.
 */
export function buildManifest<Id extends string, A extends Actions, T extends Triggers, S extends Schema, F extends Flags>(
  definition: ConnectorDefinition<Id, A, T, S, F>,
): ConnectorManifest {
  let actions: readonly ActionManifest[] | undefined;
  let triggers: readonly TriggerManifest[] | undefined;
  return {
    specVersion: 1,
    id: definition.id,
    name: definition.name,
    description: definition.description,
    logo: definition.logo ?? null,
    docsUrl: definition.docsUrl ?? null,
    version: definition.version,
    hub: definition.hub ?? defaultHubRange,
    dependencies: { ...definition.dependencies },
    category: definition.category,
    apiVersion: definition.apiVersion === undefined ? null : describeVersion(definition.apiVersion),
    auth: definition.auth.map((method) => ({ ...method })),
    scopes: (definition.scopes ?? []).map((scope) => describeScope(scope, 'Connect the account')),
    get settings() {
      return definition.settings === undefined ? null : jsonSchemaOf(definition.settings, 'input', `the settings of ${definition.id}`);
    },
    limits: structuredClone(definition.limits ?? []),
    deprecated: describeDeprecation(definition.deprecated),
    enrichers: Object.entries(definition.enrichers ?? {}).map(([name, { title, description, events }]) => ({
      name,
      title,
      description,
      events: [...events],
    })),
    resources: structuredClone(definition.resources ?? {}),
    optionSources: Object.entries(definition.options ?? {}).map(([name, source]) => describeOptionSource(name, source)),
    content: Object.entries(definition.content ?? {}).map(([name, source]) => describeContent(name, source)),
    webhook: describeWebhook(definition.webhook),
    configuration:
      definition.configuration === undefined
        ? null
        : jsonSchemaOf(definition.configuration, 'input', `the configuration of ${definition.id}`),
    flags: Object.entries<FlagDeclaration>(definition.flags ?? {}).map(([name, flag]) => describeFlag(name, flag)),
    get actions() {
      actions ??= Object.entries(definition.actions).map(([name, action]) => describeAction(definition, name, action));
      return actions;
    },
    get triggers() {
      triggers ??= Object.entries(definition.triggers).map(([name, trigger]) => describeTrigger(definition.id, name, trigger));
      return triggers;
    },
  };
}

const describeVersion = (pin: ApiVersion): ApiVersionManifest => ({ version: pin.value, supported: supportedVersions(pin) });

const describeDeprecation = (deprecated: Deprecation | undefined): Deprecation | null =>
  deprecated === undefined ? null : { ...deprecated };

const describeFlag = (name: string, { description, default: isOn = false }: FlagDeclaration): FlagManifest => ({
  name,
  description,
  default: isOn,
});

function describeWebhook(webhook: WebhookDeclaration | undefined): WebhookManifest | null {
  if (webhook === undefined) return null;
  const { accountOf, appScheme, scheme, subscriptions } = webhook;
  return {
    scheme: scheme === undefined ? 'unverified' : schemeName(scheme),
    appScheme: appScheme === undefined || (accountOf === undefined && subscriptions?.signedBy !== 'app') ? null : schemeName(appScheme),
    registration: subscriptions === undefined ? 'manual' : 'api',
    target: subscriptions?.target ?? null,
    perApp: accountOf !== undefined,
  };
}

function describeAction(
  { id, options: sources = {} }: Pick<AnyDefinition, 'id' | 'options'>,
  name: string,
  action: ActionDefinition,
): ActionManifest {
  const uses = Object.entries(action.options ?? {}).flatMap(([field, use]) => (use === undefined ? [] : [[field, use] as const]));
  return {
    name,
    title: action.title,
    description: action.description,
    idempotency: action.idempotency,
    paginated: action.paginated ?? false,
    scopes: (action.scopes ?? []).map((scope) => describeScope(scope, action.title)),
    resources: structuredClone(action.resources ?? {}),
    options: Object.fromEntries(uses.map(([field, use]) => [field, optionPlace(use, sources)])),
    input: jsonSchemaOf(action.input, 'input', `the input of ${id}.${name}`),
    output: jsonSchemaOf(action.output, 'output', `the output of ${id}.${name}`),
    deprecated: describeDeprecation(action.deprecated),
  };
}

function describeTrigger(connector: string, name: string, trigger: TriggerDefinition): TriggerManifest {
  return {
    name,
    title: trigger.title,
    description: trigger.description,
    kind: trigger.kind,
    delivery: trigger.delivery,
    resources: structuredClone(trigger.resources ?? {}),
    payload: jsonSchemaOf(trigger.payload, 'input', `the payload of ${connector}.${name}`),
    deprecated: describeDeprecation(trigger.deprecated),
  };
}
