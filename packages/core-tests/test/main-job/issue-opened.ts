import type { Json } from '@patchbay/core';

/** The parts of GitHub's `issues.opened` payload that the tests read. */
export function issueOpened(options: { readonly number: number; readonly labels: readonly string[]; readonly title?: string }): Json {
  const { number, labels, title = 'It does not work' } = options;
  const repository = {
    id: 186853002,
    name: 'Hello-World',
    full_name: 'Codertocat/Hello-World',
    html_url: 'https://github.com/Codertocat/Hello-World',
    owner: { login: 'Codertocat', id: 21031067 },
  };
  return {
    action: 'opened',
    issue: {
      id: 444500041 + number,
      node_id: 'MDU6SXNzdWU0NDQ1MDAwNDE=',
      number,
      title,
      body: 'It looks like you accidentally spelled "commit" with two "t"s.',
      html_url: `https://github.com/Codertocat/Hello-World/issues/${number}`,
      state: 'open',
      user: { login: 'Codertocat', id: 21031067 },
      labels: labels.map((name, index) => ({ id: 1362934389 + index, name, color: 'd73a4a', default: true })),
      created_at: '2019-05-15T15:20:18Z',
    },
    repository,
    sender: { login: 'Codertocat', id: 21031067 },
  };
}
