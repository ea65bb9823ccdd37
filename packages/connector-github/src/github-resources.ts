import type { ConnectorManifest } from '@patchbay/core';

/** Where an action's input names its repository. */
export const namedByInput = { repository: [{ fields: ['owner', 'repo'] }] } as const;

/** Where a delivery names it. */
export const namedByDelivery = { repository: [{ fields: ['repository.full_name'] }] } as const;

const below = (part: string) => [{ path: `/repos/{}/{}/${part}` }, { path: `/repos/{}/{}/${part}/**` }];

/**
 * A connection can be confined to repositories. GitHub takes capitals and small letters of a name for the same. The host's own requests reach what
 * is in the repository itself. What makes another repository of it (forks, generate, transfer) or reads those of its network (compare) is left out,
 * and so is what names none: searches, lists of repositories, GraphQL.
 */
export const githubResources: ConnectorManifest['resources'] = {
  repository: {
    title: 'Repository',
    example: 'octocat/hello-world',
    pattern: '[a-z0-9][a-z0-9_-]{0,99}/(?!\\.{1,2}$)[a-z0-9._-]{1,100}',
    letters: 'lower',
    paths: [
      { path: '/repos/{}/{}', methods: ['GET', 'HEAD'] },
      ...[
        'branches',
        'comments',
        'contents',
        'git',
        'issues',
        'labels',
        'languages',
        'milestones',
        'pulls',
        'readme',
        'releases',
        'tags',
      ].flatMap(below),
      { path: '/repos/{}/{}/commits', methods: ['GET', 'HEAD'] },
      { path: '/repos/{}/{}/commits/**', methods: ['GET', 'HEAD'] },
    ],
  },
};
