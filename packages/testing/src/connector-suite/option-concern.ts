import type { Connector, Json } from '@patchbay/core';
import type { ConnectorHarness } from '@patchbay/core/connector-kit';
import type { InputOption } from '@patchbay/core/host';
import { describe, expect, it } from 'vitest';
import type { FakeProvider } from '../providers/fake-provider.ts';
import { errorOf, secretsOf, setConnectorStage } from './connector-stage.ts';
import type { ConnectorSubject, OptionsCase } from './connector-subject.ts';

/** Pages after which a list has come to its end. */
const mostPages = 100;

const nowhere = 'zq-stands-nowhere-7';

async function listAll(
  harness: ConnectorHarness,
  asked: { readonly action: string; readonly field: string; readonly input: Json },
): Promise<readonly InputOption[]> {
  const options: InputOption[] = [];
  let cursor: Json = null;
  for (let pages = 0; pages < mostPages; pages += 1) {
    const page = await harness.options({ ...asked, cursor });
    options.push(...page.options);
    cursor = page.cursor;
    if (cursor === null) return options;
  }
  throw new Error(`There is still more after ${mostPages} pages: the cursor does not come to an end.`);
}

function describeField<Provider extends FakeProvider>(subject: ConnectorSubject<Provider>, given: OptionsCase<Provider>): void {
  const { action, field, confinedTo } = given;
  const connector: Connector = subject.create('https://api.example.com');
  const { from = {}, source = '' } = connector.manifest.actions.find(({ name }) => name === action)?.options[field] ?? {};
  const inputOf = (provider: Provider): Json => given.input?.(provider) ?? {};

  describe(`options of ${action}: ${field}`, () => {
    it('are listed to an end, in bounded pages, each value once', async () => {
      const { provider, harness } = await setConnectorStage(subject);
      const options = await listAll(harness, { action, field, input: inputOf(provider) });
      expect(options, 'the stand-in has something to choose').not.toEqual([]);
      expect(new Set(options.map(({ value }) => value)).size, 'values').toBe(options.length);
      for (const { label } of options) expect(label).toMatch(/\S/);
    });

    it('change nothing at the service, and show no credential', async () => {
      const { provider, harness } = await setConnectorStage(subject);
      const input = inputOf(provider);
      const effects = provider.effects().length;
      const options = await listAll(harness, { action, field, input });
      expect(provider.effects()).toHaveLength(effects);
      expect(provider.requests.length).toBeGreaterThan(0);
      for (const secret of secretsOf(subject.credential)) expect(JSON.stringify(options)).not.toContain(secret);
    });

    it('are searched', async () => {
      const { provider, harness } = await setConnectorStage(subject);
      const input = inputOf(provider);
      const [first] = await listAll(harness, { action, field, input });
      const found = await harness.options({ action, field, input, search: first?.label ?? '' });
      expect(found.options, `a search for ${first?.label}`).toContainEqual(first);
      expect((await harness.options({ action, field, input, search: nowhere })).options, 'a search for what stands nowhere').toEqual([]);
    });

    it('name the field that has to be filled in first', async () => {
      const { provider, harness } = await setConnectorStage(subject);
      inputOf(provider);
      for (const path of Object.values(from)) {
        const error = await errorOf(harness.options({ action, field, input: {} }));
        expect(error).toMatchObject({ code: 'invalid_argument' });
        expect(Object.values(from), `one of the fields such as ${path}`).toContain(error.details?.['needs']);
      }
    });

    it('are refused with a credential that the service refuses', async () => {
      const { provider, harness } = await setConnectorStage(subject, { credential: subject.wrongCredential });
      const error = await errorOf(harness.options({ action, field, input: inputOf(provider) }));
      expect(error.code).toBe('authentication_failed');
    });

    it.each(Object.keys(connector.manifest.resources))('offer nothing to a connection that is confined to no %s', async (kind) => {
      const { resources = {} } = connector.manifest.optionSources.find(({ name }) => name === source) ?? {};
      if (resources[kind] === 'untouched') return;
      const { provider, harness } = await setConnectorStage(subject, { confinedTo: { [kind]: [] } });
      const offered = await listAll(harness, { action, field, input: inputOf(provider) }).catch((error: unknown) => error);
      if (!Array.isArray(offered)) expect(offered).toMatchObject({ code: 'resource_refused', sent: 'no' });
      else expect(offered).toEqual([]);
    });

    if (confinedTo)
      it('offer a confined connection only some of them', async () => {
        const open = await setConnectorStage(subject);
        const all = await listAll(open.harness, { action, field, input: inputOf(open.provider) });
        const { provider, harness } = await setConnectorStage(subject, { confinedTo });
        const offered = await listAll(harness, { action, field, input: inputOf(provider) });
        expect(offered).not.toEqual([]);
        const values = all.map(({ value }) => value);
        for (const { value } of offered) expect(values).toContain(value);
      });
  });
}

/** Choices for fields. Nothing is tested of a connector without sources. */
export function describeOptions<Provider extends FakeProvider>(subject: ConnectorSubject<Provider>): void {
  const { manifest } = subject.create('https://api.example.com');
  const { options: cases = [] } = subject;
  if (manifest.optionSources.length === 0 && cases.length === 0) return;

  describe('options', () => {
    const sourceOf = ({ action, field }: OptionsCase<Provider>) =>
      manifest.actions.find(({ name }) => name === action)?.options[field]?.source ?? `none (${action}: ${field})`;

    it('have a case for each source', () => {
      const declared = manifest.optionSources.map(({ name }) => name).sort();
      expect([...new Set(cases.map(sourceOf))].sort(), 'the sources of the cases, and those that are declared').toEqual(declared);
    });

    it('of kinds of resources have a case that is confined to some', () => {
      const named = manifest.optionSources.filter(
        ({ resource, resources }) => resource !== null || Object.values(resources).some((use) => Array.isArray(use)),
      );
      const confined = cases.filter(({ confinedTo }) => confinedTo !== undefined).map(sourceOf);
      for (const { name } of named) expect(confined, `confinedTo in a case of ${name}`).toContain(name);
    });
  });
  for (const each of cases) describeField(subject, each);
}
