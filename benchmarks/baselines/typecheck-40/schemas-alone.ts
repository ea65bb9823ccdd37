/**
 * A second yardstick of `typecheck-40`: the same zod schemas as plain objects, and the same 200 automations as plain records,
 * without any type of ours. What it leaves out beside the limit: `defineAction` and `defineConnector`, so no action's code
 * knows its input and no wrong output is found; hub and storage, which nobody imports here.
 */
import { type AppModel, type ConnectorModel, triggerNames } from '../../src/typecheck-40/app-model.ts';
import { automationSource } from '../../src/typecheck-40/automation-source.ts';
import { connectorName, inputSchemaSource, outputSchemaSource, payloadSchemaSource } from '../../src/typecheck-40/connector-source.ts';
import type { Modules } from '../../src/typecheck-40/typed-app.ts';

function plainConnectorSource(connector: ConnectorModel): string {
  const actions = connector.actions.map(
    ({ name, fields }) => `    ${name}: {
      idempotency: 'unsafe',
      input: ${inputSchemaSource(fields)},
      output: ${outputSchemaSource},
      run: async (call: { readonly input: Readonly<Record<string, unknown>> }): Promise<unknown> => call.input['title'],
    },`,
  );
  return `import { z } from 'zod';

export const ${connectorName(connector)} = () => ({
  id: '${connector.id}',
  actions: {
${actions.join('\n')}
  },
  triggers: {
${triggerNames.map((name) => `    '${name}': { payload: ${payloadSchemaSource} },`).join('\n')}
  },
});
`;
}

// Pushed one by one: in one literal the compiler compares every connector with every other, which is no part of the job.
function hubSource({ connectors }: AppModel): string {
  return `${connectors.map((connector) => `import { ${connectorName(connector)} } from './${connector.id}.ts';`).join('\n')}

export const connectors: object[] = [];
${connectors.map((connector) => `connectors.push(${connectorName(connector)}());`).join('\n')}

export const automations = new Map<string, Readonly<Record<string, unknown>>>();
`;
}

/** The app without any type of ours, one module for each connector and for every ten automations. */
export function schemasAlone(model: AppModel): Modules {
  const modules = new Map([['hub.ts', hubSource(model)]]);
  for (const connector of model.connectors) modules.set(`${connector.id}.ts`, plainConnectorSource(connector));
  for (let first = 0; first < model.automations.length; first += 10) {
    const calls = model.automations
      .slice(first, first + 10)
      .map((automation) => `automations.set('${automation.name}', ${automationSource(automation)});\n`);
    modules.set(`automations-${first / 10}.ts`, `import { automations } from './hub.ts';\n\n${calls.join('')}`);
  }
  return modules;
}
