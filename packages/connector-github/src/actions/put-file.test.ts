import { describe, expect, it } from 'vitest';
import { fullName, githubStage, repository } from '../__fixtures__/github-stage.ts';

const file = { ...repository, path: 'docs/a.md', message: 'Say hello', content: 'Hello' };
/** What git calls the content `Hello`: `printf Hello | git hash-object --stdin`. */
const hello = '5ab2f8a4323abafb10abb68657d9d39f1a775057';

async function stageWith(text: string) {
  const stage = await githubStage();
  stage.provider.addFile(fullName, { path: file.path, text });
  const put = (fields: object = {}) => stage.harness.execute({ action: 'put_file', input: { ...file, ...fields } });
  return { ...stage, put };
}

describe('put_file', () => {
  it('makes a file, and a repeat makes no second commit', async () => {
    const { provider, harness } = await githubStage();
    const first = await harness.execute({ action: 'put_file', input: file });
    expect(first.output).toMatchObject({ sha: hello, commit: expect.stringMatching(/^[0-9a-f]{40}$/), unchanged: false });
    const second = await harness.execute({ action: 'put_file', input: file });
    expect(second.output).toEqual({ sha: hello, commit: null, url: null, unchanged: true });
    expect(provider.effects()).toHaveLength(1);
  });

  it('writes over nothing that it was not told to', async () => {
    const { put, provider } = await stageWith('Something else');
    await expect(put()).rejects.toMatchObject({ code: 'provider_rejected', sent: 'no', details: { status: 422 } });
    await expect(put({ sha: 'f'.repeat(40) })).rejects.toMatchObject({ code: 'provider_conflict', sent: 'no' });
    expect(provider.effects()).toEqual([]);
  });

  it('replaces the content that it was told of', async () => {
    const { put, harness } = await stageWith('Hello');
    await put({ sha: hello, content: 'Hello again' });
    const { output } = await harness.execute({ action: 'get_file', input: { ...repository, path: file.path } });
    expect(output).toMatchObject({ content: 'Hello again', encoding: 'utf8' });
  });

  it('makes no empty commit of a content that is there already', async () => {
    const { put, provider } = await stageWith('Hello');
    for (const fields of [{ sha: hello }, { overwrite: true }]) expect((await put(fields)).output).toMatchObject({ unchanged: true });
    expect(provider.effects()).toEqual([]);
  });

  it('replaces whatever is there where it is told to', async () => {
    const { put } = await stageWith('Something else');
    expect((await put({ overwrite: true })).output).toMatchObject({ sha: hello, unchanged: false });
  });

  it('writes bytes that are no text, which are read back in Base64', async () => {
    const { put, harness } = await stageWith('x');
    const content = Buffer.from([0, 255, 1]).toString('base64');
    await put({ overwrite: true, content, encoding: 'base64' });
    const { output } = await harness.execute({ action: 'get_file', input: { ...repository, path: file.path } });
    expect(output).toMatchObject({ content, encoding: 'base64', size: 3 });
  });
});

describe('delete_file', () => {
  const input = { ...repository, path: file.path, message: 'Tidy up', sha: hello };

  it('deletes once, and one that is gone counts as deleted where the branch is there', async () => {
    const { harness, provider } = await stageWith('Hello');
    const run = (fields: object = {}) => harness.execute({ action: 'delete_file', input: { ...input, ...fields } });
    expect((await run()).output).toMatchObject({ already_gone: false });
    expect((await run()).output).toEqual({ commit: null, already_gone: true });
    expect((await run({ branch: 'main' })).output).toMatchObject({ already_gone: true });
    await expect(run({ branch: 'nowhere' })).rejects.toMatchObject({ code: 'provider_not_found' });
    expect(provider.effects()).toHaveLength(1);
  });

  it('deletes no other content than it was told of', async () => {
    const { harness } = await stageWith('Something else');
    await expect(harness.execute({ action: 'delete_file', input })).rejects.toMatchObject({ code: 'provider_conflict' });
  });
});

describe('get_file', () => {
  it.each([
    ['a folder', [{ type: 'file' }]],
    ['a file of which GitHub gives no content', { type: 'file', path: 'a', sha: hello, size: 2_000_000, encoding: 'none', content: '' }],
    ['a submodule', { type: 'submodule', path: 'a', sha: hello, size: 0 }],
  ])('says what is wrong with %s', async (_what, body) => {
    const { harness, provider } = await githubStage();
    provider.failNext(1, { kind: 'answer', status: 200, body });
    const call = harness.execute({ action: 'get_file', input: { ...repository, path: 'a' } });
    await expect(call).rejects.toMatchObject({ code: 'provider_rejected', sent: 'no' });
  });
});
