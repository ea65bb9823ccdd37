import { authParts } from './connector-reference-auth.ts';
import { deprecationText } from './deprecation.ts';
import type { ActionManifest, ConnectorManifest, TriggerManifest } from './manifest.ts';
import { code, table, text, yesOrNo } from './markdown-cells.ts';
import type { ResourceUses } from './resource-kind.ts';
import { type SchemaRow, schemaRows } from './schema-rows.ts';

/** Where the idempotency classes are told of, as seen from the page. */
export interface ReferenceOptions {
  /** @default the guide of this repository, from docs/connectors */
  readonly idempotencyUrl?: string;
}

/** What each class promises, in a word or two. */
const classes: Readonly<Record<ActionManifest['idempotency'], string>> = {
  read: 'changes nothing, so it is tried again',
  idempotent: 'ends in the same state however often it is sent, so it is tried again for a while',
  keyed: 'the service drops a repeated key, so it is tried again with the same key',
  reconcilable: 'where the answer is lost, the service is asked whether it took effect',
  unsafe: 'where the answer is lost, a person decides, unless the automation says otherwise',
};

/** A connector's reference as a Markdown page, made from its manifest alone: the same manifest gives the same page. Ends with a newline. */
export function connectorReferenceMarkdown(manifest: ConnectorManifest, options: ReferenceOptions = {}): string {
  const { idempotencyUrl = '../guides/write-a-connector.md#choose-the-idempotency-class' } = options;
  const parts = [
    ...headParts(manifest),
    ...authParts(manifest),
    ...fieldParts('Settings of a connection', manifest.settings),
    ...fieldParts('Configuration of a tenant', manifest.configuration),
    ...resourceParts(manifest),
    ...limitParts(manifest),
    '## Actions',
    ...(manifest.actions.length === 0 ? ['None.'] : [actionIndex(manifest)]),
    ...manifest.actions.flatMap((action) => actionParts(manifest, action, idempotencyUrl)),
    '## Triggers',
    ...(manifest.triggers.length === 0 ? ['None.'] : []),
    ...webhookParts(manifest),
    ...manifest.triggers.flatMap((trigger) => triggerParts(manifest, trigger)),
    ...sourceParts(manifest),
  ];
  return `${parts.join('\n\n')}\n`;
}

function headParts({ name, description, id, version, category, docsUrl, apiVersion, deprecated }: ConnectorManifest): readonly string[] {
  const rows = [
    ['Id', code(id)],
    ['Version', code(version)],
    ['Category', category],
    ...(apiVersion === null ? [] : [['API version', code(apiVersion.version)]]),
    ...(docsUrl === null ? [] : [['The service says', `<${docsUrl}>`]]),
  ];
  const told = deprecated === null ? [] : [`**Deprecated.** ${text(deprecationText(deprecated))}`];
  return [`# ${text(name)}`, text(description), ...told, table(['', ''], rows)];
}

function fieldParts(title: string, schema: ConnectorManifest['settings']): readonly string[] {
  const rows = schema === null ? [] : schemaRows(schema);
  return rows.length === 0 ? [] : [`## ${title}`, fieldTable(rows)];
}

function fieldTable(rows: readonly SchemaRow[], choices: ActionManifest['options'] = {}): string {
  const hasChoices = Object.keys(choices).length > 0;
  const cells = rows.map(({ path, type, isRequired, bounds, description }) => [
    code(path),
    text(type),
    yesOrNo(isRequired),
    bounds.map((bound) => (typeof bound === 'string' ? text(bound) : `matches ${code(bound.pattern.slice(0, 100))}`)).join('; '),
    ...(hasChoices ? [Object.hasOwn(choices, path) ? code(choices[path]?.source ?? '') : ''] : []),
    text(description),
  ]);
  return table(['Field', 'Type', 'Required', 'Bounds', ...(hasChoices ? ['Choices'] : []), 'What it is'], cells);
}

function resourceParts({ resources }: ConnectorManifest): readonly string[] {
  const kinds = Object.entries(resources);
  if (kinds.length === 0) return [];
  const rows = kinds.map(([kind, { title, example }]) => [code(kind), text(title), code(example)]);
  return ['## What a connection can be confined to', table(['Kind', 'Title', 'A name'], rows)];
}

function limitParts({ limits }: ConnectorManifest): readonly string[] {
  if (limits.length === 0) return [];
  const rows = limits.map(({ name, per = 'connection', requests, windowMs, paths }) => [
    code(name),
    String(requests),
    `${windowMs} ms`,
    per,
    paths === undefined ? 'all' : paths.map(code).join(', '),
  ]);
  return ['## Limits', table(['Limit', 'Requests', 'In', 'For each', 'Paths'], rows)];
}

function actionIndex({ actions, id }: ConnectorManifest): string {
  const rows = actions.map(({ name, title, idempotency }) => [
    `[${code(`${id}.${name}`)}](#${anchor(`${id}.${name}`)})`,
    text(title),
    idempotency,
  ]);
  return table(['Action', 'What it does', 'Idempotency'], rows);
}

/** The anchor that readers of Markdown give a heading that is code. */
const anchor = (name: string): string => name.toLowerCase().replace(/[^a-z0-9_-]/g, '');

function actionParts({ id, resources }: ConnectorManifest, action: ActionManifest, idempotencyUrl: string): readonly string[] {
  const inputs = schemaRows(action.input);
  const outputs = schemaRows(action.output);
  const facts = [
    ['Idempotency', `[${action.idempotency}](${idempotencyUrl}): ${classes[action.idempotency]}`],
    ['Reads page by page', yesOrNo(action.paginated)],
    ['Confined connections', confinement(resources, action.resources)],
  ];
  return [
    `### ${code(`${id}.${action.name}`)}`,
    `${text(action.title)}. ${text(action.description)}`,
    ...(action.deprecated === null ? [] : [`**Deprecated.** ${text(deprecationText(action.deprecated))}`]),
    table(['', ''], facts),
    ...(action.scopes.length === 0
      ? []
      : [
          table(
            ['Scope', 'Why'],
            action.scopes.map(({ scope, reason }) => [code(scope), text(reason)]),
          ),
        ]),
    ...(inputs.length === 0 ? ['Takes no input.'] : ['Input:', fieldTable(inputs, action.options)]),
    ...(outputs.length === 0 ? ['Gives nothing back that is named.'] : ['Output:', fieldTable(outputs)]),
  ];
}

function confinement(kinds: ConnectorManifest['resources'], uses: ResourceUses): string {
  const told = Object.keys(kinds).map((kind) => {
    const use = uses[kind] ?? 'any';
    if (use === 'untouched') return `${code(kind)}: not touched`;
    if (use === 'any') return `${code(kind)}: refused, it may reach any`;
    return `${code(kind)}: held to ${use.map(({ fields }) => fields.map(code).join(' with ')).join(', ')}`;
  });
  return told.length === 0 ? 'none: the connector declares no kinds' : told.join('; ');
}

function webhookParts({ webhook, id }: ConnectorManifest): readonly string[] {
  if (webhook === null) return [];
  const made =
    webhook.registration === 'api' ? 'The hub registers them at the service, and a person can.' : 'A person registers them at the service.';
  const target = webhook.target === null ? '' : ` A registration names ${text(webhook.target)}.`;
  const place = webhook.perApp
    ? `one URL for the whole app, ${code(`/webhooks/${id}`)}`
    : `one URL for each registration, ${code(`/webhooks/${id}/{registration}`)}`;
  const scheme = [webhook.scheme, ...(webhook.appScheme === null ? [] : [webhook.appScheme])].map(code).join(', ');
  return [`Webhooks come to ${place}, signed by ${scheme}. ${made}${target}`];
}

function triggerParts({ id, resources }: ConnectorManifest, trigger: TriggerManifest): readonly string[] {
  const rows = schemaRows(trigger.payload);
  const facts = [
    ['Kind', trigger.kind],
    ['Comes by', trigger.delivery],
    ['Confined connections', confinement(resources, trigger.resources)],
  ];
  return [
    `### ${code(`${id}.${trigger.name}`)}`,
    `${text(trigger.title)}. ${text(trigger.description)}`,
    ...(trigger.deprecated === null ? [] : [`**Deprecated.** ${text(deprecationText(trigger.deprecated))}`]),
    table(['', ''], facts),
    ...(rows.length === 0 ? [] : ['Fields of its data that are relied on; every field that came is kept:', fieldTable(rows)]),
  ];
}

function sourceParts({ optionSources, content, enrichers }: ConnectorManifest): readonly string[] {
  const choices = optionSources.map(({ name, title, needs, searches }) => [
    code(name),
    text(title),
    needs.map(code).join(', ') || 'nothing',
    searches ? 'the service' : 'the hub',
  ]);
  const documents = content.map(({ name, title, description, intervalMs, rereadMs, needsContainers }) => [
    code(name),
    `${text(title)}. ${text(description)}`,
    `${intervalMs} ms`,
    rereadMs === null ? 'no' : `${rereadMs} ms`,
    yesOrNo(needsContainers),
  ]);
  const asked = enrichers.map(({ name, title, description, events }) => [
    code(name),
    `${text(title)}. ${text(description)}`,
    events.map(code).join(', '),
  ]);
  return [
    ...(choices.length === 0 ? [] : ['## Choices for fields', table(['Source', 'What it lists', 'Needs', 'Searched by'], choices)]),
    ...(documents.length === 0
      ? []
      : ['## Content for search', table(['Source', 'What it is', 'Read every', 'Read anew every', 'Needs containers'], documents)]),
    ...(asked.length === 0 ? [] : ['## Enrichers', table(['Enricher', 'What it tells', 'Of events'], asked)]),
  ];
}
