import { Pool } from 'undici';
import type { IssueOpened } from './webhook-door.ts';

/** The effect: a create-issue call over undici's kept-alive pool. Answers the new issue's key; throws for any other answer. */
export function issueCreator(origin: string): (event: IssueOpened) => Promise<string> {
  const pool = new Pool(origin);
  const headers = {
    authorization: `Basic ${Buffer.from('ops@example.com:token').toString('base64')}`,
    'content-type': 'application/json',
    accept: 'application/json',
  };
  return async ({ issue }) => {
    const body = JSON.stringify({
      fields: { project: { key: 'OPS' }, issuetype: { name: 'Task' }, summary: `#${issue.number} ${issue.title}` },
    });
    const answered = await pool.request({ method: 'POST', path: '/rest/api/3/issue', headers, body });
    if (answered.statusCode !== 201) throw new Error(`Jira answered ${answered.statusCode}: ${await answered.body.text()}`);
    const created: { readonly key: string } = JSON.parse(await answered.body.text());
    return created.key;
  };
}
