import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { checkTypes } from './check-types.ts';
import { runCommand } from './run-command.ts';

async function lint(archive: string, folder: string): Promise<readonly string[]> {
  const bytes = readFileSync(archive);
  const tarball = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  const { messages } = await publint({ pack: { tarball }, strict: true });
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return messages.map((message) => formatMessage(message, manifest, { color: false }) ?? message.code);
}

describe.each(inject('packedPackages'))('$name', ({ archive, folder }) => {
  it('is packed as importers expect', async () => expect(await lint(archive, folder)).toEqual([]));
  it('has types that hold however it is imported', async () => expect(await checkTypes(archive)).toEqual([]));
});

describe('the checks', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'patchbay-faulty-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const packFaulty = async (manifest: object, files: Readonly<Record<string, string>>): Promise<string> => {
    mkdirSync(join(folder, 'dist'), { recursive: true });
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'faulty', version: '1.0.0', files: ['dist'], ...manifest }));
    for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text);
    const { filename } = JSON.parse(await runCommand('pnpm', ['pack', '--json', '--pack-destination', folder], { cwd: folder }));
    return isAbsolute(filename) ? filename : join(folder, filename);
  };

  it('object to an entry that is missing', async () => {
    const archive = await packFaulty({ type: 'module', exports: './dist/missing.js' }, { 'dist/index.js': 'export const a = 1;' });
    expect((await lint(archive, folder)).join()).toContain('missing.js');
  });

  it('object to types that promise another module format', async () => {
    const manifest = { type: 'module', exports: { types: './dist/index.d.cts', default: './dist/index.js' } };
    const archive = await packFaulty(manifest, {
      'dist/index.js': 'export const a = 1;',
      'dist/index.d.cts': 'export declare const a: 1;',
    });
    expect((await checkTypes(archive)).join()).toContain('FalseCJS');
  });
});
