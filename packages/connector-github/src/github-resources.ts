import type { ConnectorManifest } from '@patchbay/core';

/** Where an action's input names its repository. */
export const namedByInput = { repository: [{ fields: ['owner', 'repo'] }] } as const;

/** Where a delivery names it. */
export const namedByDelivery = { repository: [{ fields: ['repository.full_name'] }] } as const;

/** Parts of a repository that the host's own requests may read and write: no body of theirs names another repository. */
const whole = [
  ...['comments', 'comments/**', 'contents/**', 'git/**', 'labels', 'labels/**', 'milestones', 'milestones/**', 'releases', 'releases/**'],
  ...[
    'issues',
    'issues/*',
    'issues/comments/*',
    'issues/*/assignees',
    'issues/*/comments',
    'issues/*/labels',
    'issues/*/labels/*',
    'issues/*/lock',
  ],
  ...[
    'pulls/*',
    'pulls/*/comments',
    'pulls/*/merge',
    'pulls/*/requested_reviewers',
    'pulls/*/reviews',
    'pulls/*/reviews/**',
    'pulls/comments/*',
  ],
];

/** Parts that they may read. To open a pull request is to name a branch of any fork. */
const read = [
  'branches',
  'branches/*',
  'commits',
  'commits/**',
  'languages',
  'pulls',
  'pulls/*/commits',
  'pulls/*/files',
  'readme',
  'tags',
  'topics',
];

/**
 * A connection can be confined to repositories. GitHub takes capitals and small letters of a name for the same. What names no repository, makes
 * another one (forks, generate, transfer) or tells of others (compare, timelines, sub-issues) is left out of the host's own requests.
 */
export const githubResources: ConnectorManifest['resources'] = {
  repository: {
    title: 'Repository',
    example: 'octocat/hello-world',
    pattern: '[a-z0-9][a-z0-9_-]{0,99}/(?!\\.{1,2}$)[a-z0-9._-]{1,100}',
    letters: 'lower',
    paths: [
      { path: '/repos/{}/{}', methods: ['GET', 'HEAD'] },
      ...read.map((part) => ({ path: `/repos/{}/{}/${part}`, methods: ['GET', 'HEAD'] as const })),
      ...whole.map((part) => ({ path: `/repos/{}/{}/${part}` })),
    ],
  },
};
