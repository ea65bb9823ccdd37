import { describe, expect, it } from 'vitest';
import { jiraStage } from '../__fixtures__/jira-stage.ts';

describe('a path of the API by its segments', () => {
  it.each([[['api', '3', '..', 'serverInfo']], [['api', '3', 'a/../../b']]])('does not climb: %j', async (path) => {
    const { provider, harness } = await jiraStage();
    const call = harness.execute({ action: 'api_read', input: { path } });
    await expect(call).rejects.toMatchObject({ code: 'invalid_argument' });
    expect(provider.requests).toEqual([]);
  });

  it('holds a slash inside of its segment', async () => {
    const { provider, harness } = await jiraStage();
    await harness.execute({ action: 'api_read', input: { path: ['api', '3', 'issue', 'OPS-1/comment?x=1'] } }).catch(() => undefined);
    expect(provider.requests.map(({ path }) => path)).toEqual(['/rest/api/3/issue/OPS-1%2Fcomment%3Fx%3D1']);
  });

  it('is refused to a connection that is confined', async () => {
    const { harness } = await jiraStage({ confinedTo: { project: ['OPS'] } });
    await expect(harness.execute({ action: 'api_read', input: { path: ['api'] } })).rejects.toMatchObject({ code: 'resource_refused' });
    await expect(harness.execute({ action: 'api_write', input: { method: 'POST', path: ['api'] } })).rejects.toMatchObject({
      code: 'resource_refused',
    });
  });
});
