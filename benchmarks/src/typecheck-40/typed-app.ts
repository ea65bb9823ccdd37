import type { AppModel, AutomationModel } from './app-model.ts';
import { automationSource, inputSource } from './automation-source.ts';
import { connectorName } from './connector-source.ts';

/** Generated modules by their file name. */
export type Modules = ReadonlyMap<string, string>;

/** The hub whose types flow from its connectors, as a host writes it. */
function hubSource({ connectors }: AppModel): string {
  return `import { createHub, localKeys } from '@patchbay/core';
import { memoryStorage } from '@patchbay/storage-memory';
${connectors.map((connector) => `import { ${connectorName(connector)} } from '../connectors/${connector.id}.ts';`).join('\n')}

const hub = createHub({
  connectors: [${connectors.map((connector) => `${connectorName(connector)}()`).join(', ')}],
  storage: memoryStorage(),
  keys: localKeys({ active: 'k1', keys: { k1: 'MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=' } }),
  publicUrl: 'https://app.example.com/hub',
});

export const acme = hub.tenant('acme');
`;
}

const putSource = (name: string, automation: string): string => `await acme.automations.put('${name}', ${automation});\n`;

const head = "import { acme } from './hub.ts';\n\n";

/** The app with its automations typed by the hub's inference, one module for every ten. */
export function typedApp(model: AppModel): Modules {
  const modules = new Map([['hub.ts', hubSource(model)]]);
  for (let first = 0; first < model.automations.length; first += 10) {
    const calls = model.automations.slice(first, first + 10).map((automation) => putSource(automation.name, automationSource(automation)));
    modules.set(`automations-${first / 10}.ts`, `${head}${calls.join('')}`);
  }
  return modules;
}

const faults: readonly ((source: string) => string)[] = [
  // A field of the wrong type.
  (source) => source.replace(/title: '[^']*'/, 'title: 7'),
  // A field that the action does not have.
  (source) => source.replace(/title: '[^']*'/, "$&, heading: 'no such field'"),
  // A required field that is missing.
  (source) => source.replace(/title: '[^']*'(, )?/, ''),
  // An action that its connector does not have.
  (source) => source.replace(/action: '([^']*)'/, "action: '$1_twice'"),
];

/** The negative control: modules beside the typed app's hub, each a copy of one automation with one fault, none of which may compile. */
export function faultyModules(automation: AutomationModel): Modules {
  const sound = automationSource(automation, inputSource);
  return new Map(
    faults.map((spoil, position) => {
      const faulty = spoil(sound);
      if (faulty === sound) throw new Error(`The fault ${position} changes nothing.`);
      return [`faulty-${position}.ts`, `${head}${putSource(automation.name, faulty)}`];
    }),
  );
}
