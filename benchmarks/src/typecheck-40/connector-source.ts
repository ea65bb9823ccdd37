import { type ActionModel, type ConnectorModel, type FieldModel, triggerNames } from './app-model.ts';

const camelCase = (name: string): string => name.replace(/[-_](\w)/g, (_, letter: string) => letter.toUpperCase());

/** The exported name of a generated connector. */
export const connectorName = (connector: ConnectorModel): string => camelCase(connector.id);

/** The schema of every action's output. */
export const outputSchemaSource =
  'z.object({ id: z.number(), key: z.string(), url: z.string().optional(), author: z.object({ name: z.string() }) })';

/** The schema of every trigger's data. */
export const payloadSchemaSource =
  'z.object({ id: z.number(), title: z.string(), author: z.object({ name: z.string() }), labels: z.array(z.object({ name: z.string() })) })';

/** The schema of one action's input. */
export function inputSchemaSource(fields: readonly FieldModel[]): string {
  const members = fields.map((field) => `    ${field.name}: ${field.schema}${field.required ? '' : '.optional()'},`);
  return `z.strictObject({\n${members.join('\n')}\n  })`;
}

function actionSource({ name, fields }: ActionModel): string {
  return `const ${camelCase(name)} = defineAction({
  title: '${name}',
  description: 'Generated.',
  idempotency: 'unsafe',
  input: ${inputSchemaSource(fields)},
  output: ${outputSchemaSource},
  async run({ input, http }) {
    const created = await http.post(path\`/${name}/\${input.title}\`, { json: { title: input.title }, response: createdSchema });
    return { id: created.id, key: created.key, author: { name: input.title } };
  },
});
`;
}

function triggerSource(name: string): string {
  return `    '${name}': defineTrigger({
      title: '${name}',
      description: 'Generated.',
      kind: 'created',
      delivery: 'webhook',
      payload: ${payloadSchemaSource},
    }),`;
}

/** The module of one connector, as an author writes it. Both apps compile the very same modules. */
export function connectorSource(connector: ConnectorModel): string {
  return `import { defineAction, defineConnector, defineTrigger, path } from '@patchbay/core';
import { z } from 'zod';

const createdSchema = z.object({ id: z.number(), key: z.string() });

${connector.actions.map(actionSource).join('\n')}
export const ${connectorName(connector)} = () => defineConnector({
  id: '${connector.id}',
  name: '${connector.id}',
  description: 'Generated.',
  version: '1.0.0',
  category: 'custom',
  auth: [{ type: 'bearer' }],
  origin: 'https://${connector.id}.example.com',
  actions: {
${connector.actions.map(({ name }) => `    ${name}: ${camelCase(name)},`).join('\n')}
  },
  triggers: {
${triggerNames.map(triggerSource).join('\n')}
  },
  healthCheck: async () => ({ healthy: true }),
});
`;
}
