import { readdirSync, readFileSync } from 'node:fs';
import { connectorIndexMarkdown, connectorReferenceMarkdown } from '@patchbay/core/host';
import { describe, expect, it } from 'vitest';
import { everyConnector } from './every-connector.ts';

const folder = new URL('../../../../docs/connectors/', import.meta.url);
const pages = new Map([
  ['index.md', connectorIndexMarkdown(everyConnector.map(({ manifest }) => manifest))],
  ...everyConnector.map(({ id, manifest }) => [`${id}.md`, connectorReferenceMarkdown(manifest)] as const),
]);

describe('the references of the connectors', () => {
  it('are there for each, and for no other', () => {
    expect(readdirSync(folder).toSorted()).toEqual([...pages.keys()].toSorted());
  });

  it.each([...pages])('have a page %s that is the committed one: run npm run exec -- node scripts/connector-docs.mjs', (name, page) => {
    expect(readFileSync(new URL(name, folder), 'utf8')).toBe(page);
  });
});

describe.each(everyConnector.map((connector) => [connector.id, connector.manifest] as const))('the reference of %s', (id, manifest) => {
  const page = pages.get(`${id}.md`) ?? '';
  const sections = new Map(page.split('\n### `').map((section) => [section.slice(0, section.indexOf('`')), section]));

  it('has a section for each action and trigger, with every field and scope of its own', () => {
    for (const { name, input, output, scopes } of manifest.actions) {
      const section = sections.get(`${id}.${name}`);
      for (const { scope } of scopes) expect(section).toContain(`\`${scope}\``);
      for (const schema of [input, output])
        for (const field of Object.keys(schema['properties'] ?? {})) expect(section).toContain(`| \`${field}\` |`);
    }
    for (const { name, payload } of manifest.triggers)
      for (const field of Object.keys(payload['properties'] ?? {})) expect(sections.get(`${id}.${name}`)).toContain(`| \`${field}\` |`);
  });

  it('has tables whose rows have the cells of their heads', () => {
    const cells = (line: string): number => line.replaceAll('\\|', '').split('|').length;
    let head = 0;
    for (const line of page.split('\n')) {
      head = line.startsWith('|') ? head || cells(line) : 0;
      if (head > 0) expect([line, cells(line)]).toEqual([line, head]);
    }
  });

  it('links each action from its index', () => {
    for (const { name } of manifest.actions) expect(page).toContain(`(#${id}${name})`);
  });
});
