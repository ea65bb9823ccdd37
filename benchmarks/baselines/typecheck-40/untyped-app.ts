/**
 * The limit of `typecheck-40`: the same app with untyped calls.
 *
 * What it shares with the typed app: every connector module, with its 25 actions and their zod schemas through
 * `defineAction` and `defineConnector`; the same hub; the same 200 automations with the same values in as many modules.
 * What it leaves out: the hub forgets its connectors' types, and each automation is a plain record that is parsed when
 * the program runs. Nothing ties a step to the action that it names, so no wrong field is found.
 */
import type { AppModel } from '../../src/typecheck-40/app-model.ts';
import { automationSource } from '../../src/typecheck-40/automation-source.ts';
import { connectorName } from '../../src/typecheck-40/connector-source.ts';
import type { Modules } from '../../src/typecheck-40/typed-app.ts';

function hubSource({ connectors }: AppModel): string {
  return `import { type Connector, createHub, localKeys } from '@patchbay/core';
import { memoryStorage } from '@patchbay/storage-memory';
${connectors.map((connector) => `import { ${connectorName(connector)} } from '../connectors/${connector.id}.ts';`).join('\n')}

const connectors: readonly Connector[] = [${connectors.map((connector) => `${connectorName(connector)}()`).join(', ')}];

const hub = createHub({ connectors, storage: memoryStorage(), keys: localKeys({ active: 'k1', keys: { k1: 'MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=' } }), publicUrl: 'https://app.example.com/hub' });

export const acme = hub.tenant('acme');
`;
}

/** The app whose automations are plain records, one module for every ten. */
export function untypedApp(model: AppModel): Modules {
  const modules = new Map([['hub.ts', hubSource(model)]]);
  for (let first = 0; first < model.automations.length; first += 10) {
    const calls = model.automations.slice(first, first + 10).map((automation, position) => {
      const record = `const record${position}: Readonly<Record<string, unknown>> = ${automationSource(automation)};`;
      return `${record}\nawait acme.automations.put('${automation.name}', acme.automations.parse(record${position}));\n`;
    });
    modules.set(`automations-${first / 10}.ts`, `import { acme } from './hub.ts';\n\n${calls.join('')}`);
  }
  return modules;
}
