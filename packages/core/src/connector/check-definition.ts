import valid from 'semver/functions/valid.js';
import validRange from 'semver/ranges/valid.js';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { actionFault } from './action-fault.ts';
import { apiVersionFault } from './api-version-fault.ts';
import { authFault } from './auth-fault.ts';
import { batchFault } from './batch-fault.ts';
import { builtInNamespaces } from './built-in-action.ts';
import { configurationFault } from './configuration-fault.ts';
import { migrationsFault } from './connection-migration.ts';
import type { Actions, ConnectorDefinition, Triggers } from './connector-definition.ts';
import { contentFault } from './content-fault.ts';
import { deprecationFault } from './deprecation.ts';
import { enricherFault } from './enricher-fault.ts';
import { evidenceFault } from './evidence-fault.ts';
import type { Flags } from './flag-declaration.ts';
import { hostFault } from './host-fault.ts';
import { limitsFault } from './limit-fault.ts';
import { majorOf } from './major-of.ts';
import { oauth2Fault } from './oauth2-fault.ts';
import { optionSourceFault, optionUseFault } from './option-fault.ts';
import { resourceKindFault, resourceUseFault } from './resource-fault.ts';
import type { Schema } from './schema.ts';
import { triggerFault } from './trigger-fault.ts';
import { webhookFault } from './webhook-fault.ts';

const idShape = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const versionShape = /^\d\S*$/;
// A template may stand for any part of the host; what a setting may hold is checked where the origin is resolved.
const originShape = /^https?:\/\/[A-Za-z0-9.{}_:[\]-]+$/;
// A setting may be a segment of the base path that a way in has for itself.
const templatePathShape = /^(\/(?!\.{1,2}(\/|$))([A-Za-z0-9._~-]+|\{[a-z][A-Za-z0-9]*\}))+$/;
const basePathShape = /^(\/(?!\.{1,2}(\/|$))[A-Za-z0-9._~-]+)+$/;

/** First segments that belong to the hub itself. */
export const reservedIds: readonly string[] = ['flow', 'hook', 'host', 'hub', 'manual', 'patchbay', 'record', 'schedule'];

/** Throws `connector_invalid` for a definition that cannot work, naming its first fault; also for what plain JavaScript got past the types. */
export function checkDefinition<Id extends string, A extends Actions, T extends Triggers, S extends Schema, F extends Flags>(
  definition: ConnectorDefinition<Id, A, T, S, F>,
): void {
  const { id } = definition;
  for (const faults of [
    idFaults(id),
    versionFaults(definition),
    egressFaults(definition),
    partFaults(definition),
    resourceFaults(definition),
    sourceFaults(definition),
  ]) {
    for (const fault of faults) {
      const name = typeof id === 'string' ? id.slice(0, 64) : '(without an id)';
      throw new PatchbayError({
        code: 'connector_invalid',
        message: `The connector ${name} cannot be used: ${fault}. Correct its definition.`,
      });
    }
  }
}

function* idFaults(id: string): Generator<string> {
  const named = typeof id === 'string' && id.length <= 64 && idShape.test(id);
  if (!named) yield 'its id must be lower-case letters, digits and single hyphens, at most 64';
  const owned = [...new Set([...reservedIds, ...builtInNamespaces])].sort();
  if (owned.includes(id)) yield `the id is reserved (${owned.join(', ')})`;
}

function* versionFaults(
  definition: Pick<ConnectorDefinition<string, Actions, Triggers>, 'version' | 'hub' | 'dependencies'>,
): Generator<string> {
  const { hub, version } = definition;
  const versioned = typeof version === 'string' && versionShape.test(version) && valid(version) !== null;
  if (!versioned) yield `its version ${version} is not a semantic version`;
  if (hub !== undefined && validRange(hub) === null) yield `its hub range ${hub} is not a semantic version range`;
  for (const [dependency, range] of Object.entries(definition.dependencies ?? {})) {
    if (validRange(range) === null) yield `the range ${range} of its dependency ${dependency} is not a semantic version range`;
  }
}

// An origin is not repeated in the message: somebody may have put a password into it.
function* egressFaults<Id extends string, A extends Actions, T extends Triggers, S extends Schema, F extends Flags>(
  definition: ConnectorDefinition<Id, A, T, S, F>,
): Generator<string> {
  const { auth, basePath, healthCheck, origin, settings } = definition;
  if (!Array.isArray(auth) || auth.length === 0) yield "it declares no way in; use { type: 'none' } where a service needs none";
  for (const method of auth) {
    const fault = method.type === 'oauth2' ? oauth2Fault(method) : authFault(method);
    if (fault !== undefined) yield fault;
    if (method.origin !== undefined && !originShape.test(method.origin)) yield 'the origin of a way in must be a scheme and a host';
    if (method.basePath !== undefined && !templatePathShape.test(method.basePath))
      yield 'the basePath of a way in must be segments with a leading slash and no trailing one';
  }
  if (typeof origin !== 'string' || !originShape.test(origin))
    yield 'its origin must be a scheme and a host, such as https://api.example.com';
  const others = Object.values(definition.hosts ?? {}).map((host) => `${host?.origin}${host?.basePath ?? ''}`);
  const templates = [origin, ...others, ...auth.flatMap((method) => [method.origin ?? '', method.basePath ?? ''])];
  if (settings === undefined && templates.some((template) => template.includes('{')))
    yield 'its origin is a template over settings, and it declares no settings';
  if (basePath !== undefined && !basePathShape.test(basePath)) {
    yield `its basePath ${basePath} must be segments with a leading slash and no trailing one`;
  }
  const fault = hostFault(definition);
  if (fault !== undefined) yield fault;
  if (typeof healthCheck !== 'function') yield 'it has no healthCheck';
}

function* partFaults<Id extends string, A extends Actions, T extends Triggers, S extends Schema, F extends Flags>(
  definition: ConnectorDefinition<Id, A, T, S, F>,
): Generator<string> {
  const { actions, limits, triggers, webhook } = definition;
  if (typeof actions !== 'object' || actions === null) yield 'it has no actions; an empty object says that there are none';
  if (typeof triggers !== 'object' || triggers === null) yield 'it has no triggers; an empty object says that there are none';
  const hasWebhook = webhook !== undefined;
  const faults = [
    apiVersionFault(definition),
    batchFault(definition.batch),
    ...Object.entries(actions).map(([name, action]) => actionFault(name, action)),
    migrationsFault(definition.migrations, { major: majorOf(definition.version), triggers }),
    deprecationFault('the connector', definition.deprecated),
    ...[...Object.entries(actions), ...Object.entries(triggers)].map(([name, part]) => deprecationFault(name, part?.deprecated)),
    ...Object.entries(triggers).map(([name, trigger]) => triggerFault({ name, trigger, hasWebhook })),
    hasWebhook ? webhookFault(webhook) : undefined,
    ...Object.entries(definition.enrichers ?? {}).map(([name, enricher]) => enricherFault(name, enricher)),
    ...Object.entries(definition.evidence ?? {}).map(([name, reader]) => evidenceFault(name, reader, triggers)),
    configurationFault(definition),
    limits === undefined ? undefined : limitsFault(limits),
  ];
  yield* faults.filter((fault) => fault !== undefined);
}

function* resourceFaults<Id extends string, A extends Actions, T extends Triggers>(
  definition: ConnectorDefinition<Id, A, T>,
): Generator<string> {
  const { actions, triggers, resources: kinds = {} } = definition;
  const users = [
    ...Object.entries(actions).map(([name, { resources, input }]) => ({ what: `the action ${name}`, resources, schema: input })),
    ...Object.entries(triggers).map(([name, { resources, payload }]) => ({ what: `the trigger ${name}`, resources, schema: payload })),
  ];
  const faults = [
    ...Object.entries(kinds).map(([id, kind]) => resourceKindFault(id, kind, definition.basePath)),
    ...users.map((user) => resourceUseFault(kinds, user)),
  ];
  yield* faults.filter((fault) => fault !== undefined);
}

function* sourceFaults<Id extends string, A extends Actions, T extends Triggers>(
  definition: ConnectorDefinition<Id, A, T>,
): Generator<string> {
  const { actions, triggers, resources: kinds = {}, options = {}, content = {} } = definition;
  const faults = [
    ...Object.entries(options).map(([name, source]) => optionSourceFault(name, source, kinds)),
    ...Object.entries(content).map(([name, source]) => contentFault(name, source, { kinds, triggers })),
  ];
  yield* faults.filter((fault) => fault !== undefined);
  // A use is read by its source, which is sound by now.
  for (const [name, action] of Object.entries(actions)) {
    const fault = optionUseFault(name, action, options);
    if (fault !== undefined) yield fault;
  }
}
