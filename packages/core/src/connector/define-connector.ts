import type { Reconciliation } from '../contracts/idempotency.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { Json } from '../json/json.ts';
import type { ActionContext, ActionDefinition } from './action-definition.ts';
import { buildManifest } from './build-manifest.ts';
import { checkDefinition } from './check-definition.ts';
import type { TenantChoices } from './configuration-reader.ts';
import type { Actions, AnyDefinition, Connector, ConnectorDefinition, Triggers } from './connector-definition.ts';
import type { Flags } from './flag-declaration.ts';
import type { ActionCall, ActionResult, ReconcileCall } from './iconnector.ts';
import { parseWith } from './parse-with.ts';
import type { Schema } from './schema.ts';

/**
 * Builds a connector from its definition, with the types of its actions and triggers inferred. Throws `connector_invalid` for a
 * definition that cannot work. The manifest is made when it is first read.
 */
export function defineConnector<
  const Id extends string,
  const A extends Actions,
  const T extends Triggers,
  Configuration extends Schema = Schema<never, Readonly<Record<never, never>>>,
  const F extends Flags = Readonly<Record<never, never>>,
>(definition: ConnectorDefinition<Id, A, T, Configuration, F>): Connector<Id, A, T, Configuration, F> {
  checkDefinition(definition);
  const { findSites } = definition;
  let manifest: ReturnType<typeof buildManifest> | undefined;
  const connector: Connector<Id, A, T, Configuration, F> = {
    id: definition.id,
    actions: definition.actions,
    triggers: definition.triggers,
    ...(definition.configuration === undefined ? {} : { configuration: definition.configuration }),
    ...(definition.flags === undefined ? {} : { flags: definition.flags }),
    // A webhook that names only declared triggers is one that names strings; TypeScript cannot see it through `keyof T`.
    definition: definition as unknown as AnyDefinition,
    get manifest() {
      manifest ??= buildManifest(definition);
      return manifest;
    },
    initialize: async (context, signal) => definition.initialize?.(context, signal),
    // The schema has parsed what the hub hands over; its type is the schema's own word.
    healthCheck: async (call) => definition.healthCheck(call as typeof call & TenantChoices<Configuration, F>),
    ...(findSites === undefined ? {} : { findSites: async (call) => findSites.call(definition, call) }),
    executeAction: async (call) => executeAction(definition.id, findAction(definition, call.action), call),
    reconcileAction: async (call) => reconcileAction(definition.id, findAction(definition, call.action), call),
    getActions: () => connector.manifest.actions,
    getTriggers: () => connector.manifest.triggers,
    shutdown: async (signal) => definition.shutdown?.(signal),
  };
  return connector;
}

function findAction(definition: { readonly id: string; readonly actions: Actions }, name: string): ActionDefinition {
  const action = Object.hasOwn(definition.actions, name) ? definition.actions[name] : undefined;
  if (action) return action;
  throw new PatchbayError({
    code: 'unknown_action',
    message: `The connector ${definition.id} has no action ${name}. It has: ${Object.keys(definition.actions).join(', ')}.`,
  });
}

async function executeAction(connector: string, action: ActionDefinition, call: ActionCall): Promise<ActionResult> {
  const warnings: string[] = [];
  const context = await contextOf(connector, action, call, (message) => warnings.push(message));
  const output = await parseOutput(connector, call.action, action, await action.run(context));
  return warnings.length > 0 ? { output, warnings } : { output };
}

async function reconcileAction(connector: string, action: ActionDefinition, call: ReconcileCall): Promise<Reconciliation<Json>> {
  if (action.idempotency !== 'reconcilable') {
    throw new PatchbayError({
      code: 'unsupported',
      message: `The action ${connector}.${call.action} cannot be looked up: its class is ${action.idempotency}.`,
    });
  }
  const context = await contextOf(connector, action, call, () => undefined);
  const finding = await action.reconcile({ ...context, since: call.since });
  if (finding.answer !== 'found') return finding;
  return { answer: 'found', output: await parseOutput(connector, call.action, action, finding.output) };
}

async function contextOf(
  connector: string,
  action: ActionDefinition,
  call: ActionCall,
  warn: (message: string) => void,
): Promise<ActionContext<unknown, Schema, Flags>> {
  const input = await parseWith(action.input, call.input, {
    code: 'invalid_input',
    what: `The input of ${connector}.${call.action}`,
    advice: 'Nothing was sent. Correct the input.',
  });
  const { http, key, settings, configuration, flags, signal } = call;
  return { input, http, key, settings, configuration, flags, signal, warn };
}

async function parseOutput(connector: string, name: string, action: ActionDefinition, output: unknown): Promise<Json> {
  const parsed: unknown = await parseWith(action.output, output, {
    code: 'invalid_output',
    what: `The output of ${connector}.${name}`,
    advice: 'The call was made; the connector does not return what it declares. Report it to its author.',
  });
  // The schema has parsed it; what a connector returns is JSON by contract, and what is not is dropped by the ledger's JSON text.
  return parsed as Json;
}
