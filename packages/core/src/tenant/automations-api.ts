import type { AutomationDefinition } from '../automation/automation-definition.ts';
import { parseAutomation } from '../automation/parse-automation.ts';
import type { Connector } from '../connector/connector-definition.ts';
import type { Change, Row, RowPage } from '../contracts/configuration-store.ts';
import { formatRunId } from '../contracts/dispatch-id.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { buildEvent } from '../events/build-event.ts';
import { hashJson } from '../events/hash-json.ts';
import { isUuid } from '../id/is-uuid.ts';
import { canonicalJson } from '../json/canonical-json.ts';
import type { Json } from '../json/json.ts';
import { versionRowName } from '../routing/create-advancer.ts';
import { checkAutomation } from './check-automation.ts';
import { notFound } from './not-found.ts';
import type { TenantScope } from './tenant-services.ts';
import type { AutomationInput, HostEvents } from './typed-automation.ts';

/** An automation as stored. */
export interface Automation {
  readonly id: string;
  readonly name: string;
  /** Counts changes of the definition from 1. */
  readonly version: number;
  readonly enabled: boolean;
  readonly definition: AutomationDefinition;
}

/** A tenant's automations. A reference is a name or an id. */
export interface AutomationsApi<C extends Connector, E extends HostEvents> {
  /** Makes the automation of this name, or a new version of it; the same definition changes nothing. */
  put(name: string, definition: AutomationInput<C, E>): Promise<Automation>;
  /** Checks a definition that comes as data, from a console or a file, and gives it its type. Throws `automation_invalid` naming the place. */
  parse(json: unknown): AutomationInput<C, E>;
  get(reference: string): Promise<Automation>;
  list(): Promise<readonly Automation[]>;
  /** The definition of one version; an old one stays readable while the automation exists. */
  version(reference: string, version: number): Promise<AutomationDefinition>;
  enable(reference: string): Promise<Automation>;
  /** Starts no more runs; open ones go on. */
  disable(reference: string): Promise<Automation>;
  /** Deletes it. Open runs go on with the version they began with; history stays. */
  delete(reference: string): Promise<void>;
  /** Runs one with a manual trigger, with the given data as its event's. */
  run(
    reference: string,
    data?: Json,
    options?: { readonly idempotencyKey?: string },
  ): Promise<{ readonly runId: string; readonly eventId: string }>;
}

const nameShape = /^\P{Cc}{1,200}$/u;
const writeTries = 5;

/** The automations part of a tenant's handle. */
export function automationsApi<C extends Connector, E extends HostEvents>(scope: TenantScope): AutomationsApi<C, E> {
  const { tenant, storage } = scope;
  return {
    put: (name, definition) => put(scope, name, definition),
    // What was parsed names only actions, triggers and connectors of this hub, which is what the type says.
    parse: (json) => checkedNames(scope, parseAutomation(json)) as unknown as AutomationInput<C, E>,
    get: async (reference) => toAutomation(await find(scope, reference)),
    async list() {
      await scope.ready();
      const automations: Automation[] = [];
      for (let cursor: string | null = null; ; ) {
        const page: RowPage<'automation'> = await storage.configuration.list(tenant, 'automation', { cursor, limit: 500 });
        automations.push(...page.rows.map(toAutomation));
        cursor = page.cursor;
        if (cursor === null) return automations;
      }
    },
    async version(reference, version) {
      const row = await find(scope, reference);
      const found = await storage.configuration.find(tenant, 'automation_version', versionRowName(row.id, version));
      if (!found) throw notFound('automation');
      return parseAutomation(found.value.definition);
    },
    enable: (reference) => setEnabled(scope, reference, true),
    disable: (reference) => setEnabled(scope, reference, false),
    async delete(reference) {
      await change(scope, reference, (row) => [{ delete: 'automation', id: row.id, expect: row.version }]);
    },
    run: (reference, data = {}, options = {}) => run(scope, reference, data, options),
  };
}

async function put(scope: TenantScope, name: string, input: unknown): Promise<Automation> {
  const { tenant, storage, cache, generateId, clock } = scope;
  await scope.ready();
  if (!nameShape.test(name))
    throw new PatchbayError({
      code: 'invalid_argument',
      message: "An automation's name is text of 1 to 200 characters without control characters.",
    });
  const definition = parseAutomation(input);
  checkAutomation(scope, await cache.read(tenant, { fresh: true }), definition);
  for (let tries = 0; tries < writeTries; tries += 1) {
    const existing = await storage.configuration.find(tenant, 'automation', name);
    if (existing && canonicalJson(existing.value.definition) === canonicalJson(definition)) return toAutomation(existing);
    const id = existing?.id ?? generateId();
    const version = (existing?.value.version ?? 0) + 1;
    // A definition is JSON: the parser let nothing else through.
    const stored = definition as unknown as Json;
    const verdict = await storage.configuration.write(tenant, [
      {
        put: 'automation',
        id,
        name,
        expect: existing?.version ?? 'absent',
        value: { name, version, enabled: existing?.value.enabled ?? true, definition: stored },
      },
      {
        put: 'automation_version',
        id: generateId(),
        name: versionRowName(id, version),
        expect: 'absent',
        value: { automation: id, version, definition: stored, createdAt: clock.now() },
      },
    ]);
    if (verdict.status === 'conflict') continue;
    cache.forget(tenant);
    return { id, name, version, enabled: existing?.value.enabled ?? true, definition };
  }
  throw busy();
}

function checkedNames(scope: TenantScope, definition: AutomationDefinition): AutomationDefinition {
  for (const step of definition.steps) scope.registry.resolve(step.action);
  return definition;
}

async function find(scope: TenantScope, reference: string): Promise<Row<'automation'>> {
  const { configuration } = scope.storage;
  await scope.ready();
  const row =
    (await configuration.find(scope.tenant, 'automation', reference)) ??
    (isUuid(reference) ? await configuration.get(scope.tenant, 'automation', reference) : null);
  if (!row) throw notFound('automation');
  return row;
}

async function change(
  scope: TenantScope,
  reference: string,
  changesFor: (row: Row<'automation'>) => readonly Change[],
): Promise<Row<'automation'>> {
  for (let tries = 0; tries < writeTries; tries += 1) {
    const row = await find(scope, reference);
    const changes = changesFor(row);
    const verdict = changes.length === 0 ? null : await scope.storage.configuration.write(scope.tenant, changes);
    if (verdict?.status === 'conflict') continue;
    scope.cache.forget(scope.tenant);
    return row;
  }
  throw busy();
}

async function setEnabled(scope: TenantScope, reference: string, enabled: boolean): Promise<Automation> {
  const row = await change(scope, reference, (found) =>
    found.value.enabled === enabled
      ? []
      : [{ put: 'automation', id: found.id, name: found.name, expect: found.version, value: { ...found.value, enabled } }],
  );
  return { ...toAutomation(row), enabled };
}

async function run(
  scope: TenantScope,
  reference: string,
  data: Json,
  { idempotencyKey }: { readonly idempotencyKey?: string },
): Promise<{ runId: string; eventId: string }> {
  const { tenant, publisher, generateId, clock } = scope;
  const automation = toAutomation(await find(scope, reference));
  if (!('manual' in automation.definition.trigger))
    throw new PatchbayError({
      code: 'invalid_argument',
      message: `The automation ${automation.name} starts on an event. Publish one, or give it a manual trigger.`,
    });
  if (!automation.enabled)
    throw new PatchbayError({ code: 'invalid_argument', message: `The automation ${automation.name} is disabled. Enable it first.` });
  const bytes = new TextEncoder().encode(JSON.stringify(data));
  const event = buildEvent({
    tenant,
    id: generateId(),
    type: 'manual.requested',
    time: clock.now(),
    subject: automation.name,
    class: 'custom',
    severity: 'info',
    data: bytes,
  });
  const dedupe = idempotencyKey === undefined ? null : { key: `manual:${automation.id}:${idempotencyKey}`, hash: hashJson(data) };
  const { eventId } = await publisher.publish({ event, data, dedupe, automation: automation.id });
  return { eventId, runId: formatRunId({ tenant, root: eventId, automation: automation.id, replay: 0 }) };
}

function toAutomation(row: Row<'automation'>): Automation {
  const { name, version, enabled, definition } = row.value;
  return { id: row.id, name, version, enabled, definition: parseAutomation(definition) };
}

function busy(): PatchbayError {
  return new PatchbayError({
    code: 'conflict',
    message: 'The automation is being changed by others at the same time. Try again.',
    retryable: true,
  });
}
