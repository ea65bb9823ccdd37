import type { ActionCapability, ConnectorCapabilities, TriggerCapability } from './capability-matrix.ts';
import { type Deprecation, deprecationText } from './deprecation.ts';
import { code, table, text, yesOrNo } from './markdown-cells.ts';

/** The matrix as a Markdown page: one row a connector, then a section for each with its actions and triggers. Ends with a newline. */
export function capabilityMatrixMarkdown(matrix: readonly ConnectorCapabilities[]): string {
  const overview = table(
    ['Connector', 'Version', 'Category', 'Actions', 'Triggers', 'Auth', 'Webhooks', 'Registration', 'Signature', 'Polling'],
    matrix.map(overviewRow),
  );
  const sections = matrix.map((connector) =>
    [`## ${text(connector.name)}`, actionTable(connector.actions), triggerTable(connector.triggers)].join('\n\n'),
  );
  return `${['# Capability matrix', overview, ...sections].join('\n\n')}\n`;
}

function overviewRow({
  actions,
  auth,
  category,
  deprecated,
  name,
  polling,
  triggers,
  version,
  webhooks,
}: ConnectorCapabilities): readonly string[] {
  const reach = webhooks === null ? 'none' : webhooks.perApp ? 'one URL per app' : 'one URL per connection';
  return [
    marked(name, deprecated),
    version,
    category,
    String(actions.length),
    String(triggers.length),
    auth.map(code).join(', '),
    reach,
    webhooks?.registration ?? 'none',
    webhooks === null ? 'none' : [webhooks.scheme, webhooks.appScheme ?? []].flat().map(code).join(', '),
    yesOrNo(polling),
  ];
}

function actionTable(actions: readonly ActionCapability[]): string {
  if (actions.length === 0) return 'No actions.';
  return table(
    ['Action', 'What it does', 'Idempotency', 'Reconcile', 'Pagination', 'Scopes'],
    actions.map(({ name, title, idempotency, reconcile, pagination, scopes, deprecated }) => [
      code(name),
      marked(title, deprecated),
      idempotency,
      yesOrNo(reconcile),
      yesOrNo(pagination),
      scopes.map(code).join(', ') || 'none',
    ]),
  );
}

function triggerTable(triggers: readonly TriggerCapability[]): string {
  if (triggers.length === 0) return 'No triggers.';
  return table(
    ['Event type', 'When', 'Kind', 'Delivery'],
    triggers.map(({ type, title, kind, delivery, deprecated }) => [code(type), marked(title, deprecated), kind, delivery]),
  );
}

/** A title with what is said of its end. */
function marked(title: string, deprecated: Deprecation | null): string {
  return deprecated === null ? text(title) : `${text(title)} (**deprecated**: ${text(deprecationText(deprecated))})`;
}
