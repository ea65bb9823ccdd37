import { type HubEvent, type Json, path, type RequestPath } from '@patchbay/core';
import type { EnricherDefinition } from '@patchbay/core/host';
import { z } from 'zod';

/** How many commits or deployments are told of. */
const most = 10;

const repositoryShape = /^([A-Za-z0-9][A-Za-z0-9_-]{0,99})\/((?!\.{1,2}$)[A-Za-z0-9._-]{1,100})$/;

/** Where an event names a repository: what its mapping made, GitHub's own member, or one of that name. */
const named = z.union([
  z.object({ repository: z.object({ full_name: z.string() }) }).transform(({ repository }) => repository.full_name),
  z.object({ repository: z.string() }).transform(({ repository }) => repository),
]);

/** Owner and name of the repository that an event is about; `null` where it names none. */
function repositoryOf({ data, mapped }: HubEvent): readonly [string, string] | null {
  const name = named.safeParse(mapped).data ?? named.safeParse(data).data;
  const [, owner, repo] = repositoryShape.exec(name ?? '') ?? [];
  return owner === undefined || repo === undefined ? null : [owner, repo];
}

const deploymentSchema = z.object({ id: z.number(), ref: z.string(), sha: z.string(), environment: z.string(), created_at: z.string() });
const commitSchema = z.object({
  sha: z.string(),
  html_url: z.string(),
  commit: z.object({ message: z.string(), author: z.object({ name: z.string().optional(), date: z.string().optional() }).nullable() }),
});

interface Latest<Item> {
  readonly title: string;
  readonly description: string;
  /** Name of the list in the answer. */
  readonly as: string;
  readonly at: (owner: string, repo: string) => RequestPath;
  readonly response: z.ZodType<readonly Item[]>;
  readonly show: (item: Item) => Json;
}

/** An enricher that tells the last of something in the repository that an event is about; the event itself may be of any service. */
const latest = <Item>({ title, description, as, at, response, show }: Latest<Item>): EnricherDefinition => ({
  title,
  description,
  events: ['*'],
  async run({ event, http }) {
    const repository = repositoryOf(event);
    if (repository === null) return null;
    const items = await http.get(at(...repository), { query: { per_page: most }, response });
    return { repository: repository.join('/'), [as]: items.slice(0, most).map(show) };
  },
});

/** What GitHub can tell of events that name a repository. https://docs.github.com/en/rest/deployments and /rest/commits */
export const githubEnrichers = {
  deployments: latest({
    title: 'Latest deployments',
    description: 'The last ten deployments of the repository that the event names.',
    as: 'deployments',
    at: (owner, repo) => path`/repos/${owner}/${repo}/deployments`,
    response: z.array(deploymentSchema),
    show: ({ id, ref, sha, environment, created_at }) => ({ id, ref, sha, environment, created_at }),
  }),
  commits: latest({
    title: 'Latest commits',
    description: 'The last ten commits of the default branch of the repository that the event names.',
    as: 'commits',
    at: (owner, repo) => path`/repos/${owner}/${repo}/commits`,
    response: z.array(commitSchema),
    show: ({ sha, html_url: url, commit: { message, author } }) => ({
      sha,
      url,
      title: message.split('\n', 1)[0] ?? '',
      author: author?.name ?? null,
      date: author?.date ?? null,
    }),
  }),
} satisfies Readonly<Record<string, EnricherDefinition>>;
