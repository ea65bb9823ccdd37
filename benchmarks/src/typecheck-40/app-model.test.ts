import { expect, it } from 'vitest';
import { appModel } from './app-model.ts';
import { connectorSource } from './connector-source.ts';
import { faultyModules, typedApp } from './typed-app.ts';

it('generates 25 actions for each connector and three steps for each automation', () => {
  const model = appModel({ connectors: 4, automations: 20 });
  expect(model.connectors.map(({ actions }) => new Set(actions.map(({ name }) => name)).size)).toEqual([25, 25, 25, 25]);
  expect(model.automations.map(({ steps }) => steps.length)).toEqual(Array.from({ length: 20 }, () => 3));
});

it('generates the same text every time', () => {
  const text = (): string => {
    const model = appModel({ connectors: 3, automations: 20 });
    return [...model.connectors.map(connectorSource), ...typedApp(model).values()].join('');
  };
  expect(text()).toBe(text());
});

it('spoils one thing in each module of the negative control', () => {
  const model = appModel({ connectors: 2, automations: 1 });
  const [automation] = model.automations;
  if (automation === undefined) throw new Error('no automation');
  const sources = [...faultyModules(automation).values()];
  expect(new Set(sources).size).toBe(4);
});
