import { describe, expect, it } from 'vitest';
import { jiraStage } from '../__fixtures__/jira-stage.ts';

describe('create_issue', () => {
  it('gives id, key and the address of the page', async () => {
    const { provider, harness } = await jiraStage();
    const { output } = await harness.execute({ action: 'create_issue', input: { project: 'OPS', summary: 'The disk is full' } });
    expect(output).toEqual({ id: provider.issues()[0]?.id, key: 'OPS-1', url: `${provider.origin}/browse/OPS-1` });
  });

  it('makes a task where no type is named', async () => {
    const { provider, harness } = await jiraStage();
    await harness.execute({ action: 'create_issue', input: { project: 'OPS', summary: 'x' } });
    expect(provider.issues()[0]?.fields).toMatchObject({ issuetype: { name: 'Task' } });
  });

  it('takes a parent by key or by id', async () => {
    const { provider, harness } = await jiraStage();
    await harness.execute({ action: 'create_issue', input: { project: 'OPS', summary: 'x', parent: 'OPS-7' } });
    await harness.execute({ action: 'create_issue', input: { project: 'OPS', summary: 'x', parent: '10007' } });
    expect(provider.issues().map(({ fields }) => fields['parent'])).toEqual([{ key: 'OPS-7' }, { id: '10007' }]);
  });

  it('takes a document as the description', async () => {
    const { provider, harness } = await jiraStage();
    const description = { type: 'doc', version: 1, content: [{ type: 'rule' }] };
    await harness.execute({ action: 'create_issue', input: { project: 'OPS', summary: 'x', description } });
    expect(provider.issues()[0]?.fields['description']).toEqual(description);
  });

  it.each(['project', 'issuetype', 'summary', 'description', 'labels', 'priority', 'assignee', 'parent'])(
    'does not let further fields set %s a second time',
    async (name) => {
      const { provider, harness } = await jiraStage();
      const input = { project: 'OPS', summary: 'x', fields: { [name]: 'y' } };
      await expect(harness.execute({ action: 'create_issue', input })).rejects.toMatchObject({ code: 'invalid_input' });
      expect(provider.requests).toEqual([]);
    },
  );

  it('is told what Jira has against the input', async () => {
    const { harness } = await jiraStage();
    const call = harness.execute({ action: 'create_issue', input: { project: 'NONE', summary: 'x' } });
    await expect(call).rejects.toMatchObject({
      code: 'provider_rejected',
      sent: 'no',
      message: expect.stringContaining('project: Specify a valid project'),
    });
  });
});
