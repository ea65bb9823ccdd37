import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { authKinds, type ConnectorPlan, categories } from '../src/connector-plan.ts';
import { templateFiles } from '../src/template-files.ts';

const plan: ConnectorPlan = {
  id: 'my-crm',
  name: "Ada's CRM",
  category: 'crm',
  auth: 'bearer',
  origin: 'https://api.my-crm.example',
  webhooks: false,
  polling: false,
};
const textsOf = (change: Partial<ConnectorPlan> = {}): ReadonlyMap<string, string> =>
  new Map(templateFiles({ ...plan, ...change }).map(({ path, text }) => [path, text]));

const kinds = authKinds.flatMap((auth) => [true, false].map((webhooks) => ({ auth, webhooks })));

it.each(kinds)('the files with $auth, webhooks $webhooks, are the standard ones and keep nothing of the template', (change) => {
  const files = textsOf(change);
  const standard = ['my-crm', 'my-crm-auth', 'my-crm-error', 'my-crm-resources', 'my-crm-schemas', 'index', 'conformance.test'];
  expect([...files.keys()]).toEqual(
    expect.arrayContaining([...standard.map((name) => `src/${name}.ts`), 'README.md', 'LICENSE', '.gitignore']),
  );
  expect([files.has('src/webhook.ts'), files.has('src/triggers/note-created.ts')]).toEqual([change.webhooks, change.webhooks]);
  expect(files.get('src/my-crm-auth.ts')).toContain(`type: '${change.auth}'`);
  expect(files.get('src/__fixtures__/my-crm-login.ts')).toContain(`type: '${change.auth}'`);
  for (const [path, text] of files) expect(`${path}\n${text}`, path).not.toMatch(/acme.?notes|#if|#end/i);
});

it('a module is imported once in a written file, in the order of a formatter', () => {
  const files = textsOf({ webhooks: true, polling: true, auth: 'oauth2' });
  const importsOf = (path: string) => files.get(path)?.match(/^import .*$/gm);
  expect(importsOf('src/conformance.test.ts')).toEqual([
    "import { hmacSha256 } from '@patchbay/core';",
    "import { type DeliveryCase, describeConnector, signWebhook } from '@patchbay/testing';",
    "import { app, credential, wrongCredential } from './__fixtures__/my-crm-login.ts';",
    "import { startMyCrm } from './__fixtures__/my-crm-service.ts';",
    "import { myCrm } from './my-crm.ts';",
  ]);
  expect(importsOf('src/my-crm.ts')?.slice(0, 3)).toEqual([
    "import { defineConnector, path } from '@patchbay/core';",
    "import { createNote } from './actions/create-note.ts';",
    "import { listNotes } from './actions/list-notes.ts';",
  ]);
  for (const [path, text] of files) {
    const modules = [...text.matchAll(/^import .* from '([^']+)';$/gm)].map(([, module = '']) => module);
    expect(new Set(modules).size, path).toBe(modules.length);
  }
});

it('everything that a written file imports is written too', () => {
  for (const polling of [true, false]) {
    for (const change of kinds) {
      const files = textsOf({ ...change, polling });
      for (const [path, text] of files) {
        for (const [, target = ''] of text.matchAll(/from '(\.[^']+)'/g)) {
          expect([...files.keys()], `${path} imports ${target}`).toContain(new URL(target, `file:///${path}`).pathname.slice(1));
        }
      }
    }
  }
});

it('a manifest asks for core and zod as peers, is read as JSON, and names its export', () => {
  const manifest: unknown = JSON.parse(textsOf({ id: 'class' }).get('package.json') ?? '');
  expect(manifest).toMatchObject({
    name: 'patchbay-connector-class',
    description: 'Ada’s CRM for Patchbay.',
    patchbay: { connector: 'classConnector' },
    peerDependencies: { '@patchbay/core': expect.any(String), zod: '^4.2.0' },
  });
});

it.each(['account', 'path', 'credential', 'class', 'new', 'fake-provider'])('the id %s takes no word that is in use', (id) => {
  const [, name = ''] = /connectors: \[(\w+)\(\)\]/.exec(textsOf({ id }).get('README.md') ?? '') ?? [];
  expect(name).toMatch(/Connector$/);
});

it('versions that a manifest asks for are those of this repository', () => {
  const manifest: { devDependencies: Record<string, string> } = JSON.parse(textsOf().get('package.json') ?? '');
  for (const name of readdirSync(new URL('../../', import.meta.url)).filter((folder) => ['core', 'testing'].includes(folder))) {
    const { version }: { version: string } = JSON.parse(readFileSync(new URL(`../../${name}/package.json`, import.meta.url), 'utf8'));
    expect(manifest.devDependencies[`@patchbay/${name}`]).toBe(`^${version}`);
  }
});

it('the category is the one that was asked for', () => {
  for (const category of categories) expect(textsOf({ category }).get('src/my-crm.ts')).toContain(`category: '${category}',`);
});
